import { existsSync } from 'node:fs';

const candidates = [
  process.env.AMITABLE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The system's Chromium; undefined where there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));
