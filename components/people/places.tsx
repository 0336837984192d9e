import { Tabs } from '@/components/ui/tabs';

const places = [
  { href: '/people', label: 'People' },
  { href: '/people/teams', label: 'Teams' },
  { href: '/people/roles', label: 'Roles' },
  { href: '/people/me', label: 'My account' },
] as const;

/** PeoplePlaces links the pages about people. */
export const PeoplePlaces = ({ here }: { here: (typeof places)[number]['href'] }) => (
  <div className="mb-4">
    <Tabs label="About people" tabs={places.map((place) => ({ ...place, active: place.href === here }))} />
  </div>
);
