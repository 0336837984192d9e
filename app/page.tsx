import { redirect } from 'next/navigation';
import { homePath } from '@/lib/http/return-path';

export default function Home(): never {
  redirect(homePath);
}
