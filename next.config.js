import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000';

// The agent plane's paths, so that they also work on the people plane's port. They are the gateway's alone: no page or
// route handler may exist below them. Event streams must not be added here, since rewrites buffer them.
const agentPaths = [
  '/api/check',
  '/api/outcomes',
  '/api/authorize',
  '/api/agent',
  '/api/reversals',
  '/api/sightings',
  '/access/:path*',
  '/oauth/:path*',
  '/.well-known/:path*',
  '/openapi.json',
];

/** @type {import('next').NextConfig} */
const config = {
  // `npm start` runs the built app from a view of .next whose rewrites point at its own gateway.
  distDir: process.env.COUNTERSIGN_WEB_VIEW ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  turbopack: { root },
  serverExternalPackages: ['@node-rs/argon2', '@prisma/client', '@prisma/adapter-pg', 'bullmq', 'ioredis', 'pg', 'pino'],
  // `npm run check` types the whole repository, scripts and tests included; the build would do a part of it again.
  typescript: { ignoreBuildErrors: true },
  rewrites: async () => ({
    beforeFiles: agentPaths.map((source) => ({ source, destination: `${gateway}${source}` })),
  }),
};

export default config;
