// Where the things lie that the browser tests need.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const target = process.env.CARGO_TARGET_DIR ?? resolve(__dirname, '../../target');

/** The server to test: SECOND_STORY_BIN, else the debug build. */
export const binary = process.env.SECOND_STORY_BIN ?? resolve(target, 'debug/secondstory');

/** Chromium: never one that Playwright would download. */
export const chromium =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((p) => existsSync(p));
