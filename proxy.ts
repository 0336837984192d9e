import { NextResponse, type NextRequest } from 'next/server';
import { pathHeader } from '@/lib/http/path';
import { processEnv } from '@/lib/platform/env';

// Sets headers and nothing else: every page and handler asks for itself who is there.

const isDevelopment = processEnv().NODE_ENV === 'development';

function contentSecurityPolicy(nonce: string): string {
  // React's development build evaluates strings; nothing else may.
  const script = `'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`;
  return [
    "default-src 'self'",
    `script-src ${script}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const fixedHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not no-referrer: that would make browsers send `Origin: null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
} as const;

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set(pathHeader, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(fixedHeaders)) response.headers.set(name, value);
  if (request.nextUrl.protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https')
    response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  return response;
}

// The agents' paths are rewritten to the gateway, which sets its own.
export const config = {
  matcher: [
    '/((?!_next/static|_next/image|api/check|api/outcomes|api/authorize|api/agent|api/reversals|api/sightings|access/|oauth/|\\.well-known/).*)',
  ],
};
