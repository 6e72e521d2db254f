#!/usr/bin/env node
// Lighthouse for five pages of the demo, on the release build: one JSON line a figure, as run.mjs says them. `npm install --no-save
// lighthouse@12` first; it is no dependency of the project. CHROME_PATH names the browser (/usr/bin/chromium).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const binary = process.env.SECOND_STORY_BIN ?? join(target, 'release/secondstory');
const lighthouse = process.env.LIGHTHOUSE ?? join(root, 'node_modules/.bin/lighthouse');
const commit = execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD']).toString().trim();
const folder = mkdtempSync(join(tmpdir(), 'second-story-lighthouse-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.CHROME_PATH ??= '/usr/bin/chromium';

const server = spawn(binary, ['demo', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'], { env: { ...process.env, SECOND_STORY_LOG: 'error' } });
server.stderr.resume();
const port = await new Promise((done) => {
  let text = '';
  server.stdout.on('data', (chunk) => {
    text += chunk;
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port) done(port);
  });
});
const base = `http://127.0.0.1:${port}`;

/** The session cookie of a role of the demo. */
async function session(door) {
  const answer = await fetch(`${base}/demo/sign-in`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ door }), headers: { 'sec-fetch-site': 'same-origin' } });
  return answer.headers.get('set-cookie').split(';')[0];
}

const [responder, facilitator] = [await session('responder@demo'), await session('facilitator@demo')];
const page = async (cookie, path) => (await fetch(base + path, { headers: { cookie } })).text();
const talk = /\/one-on-one\/[0-9a-f-]{36}/.exec(await page(responder, '/'))[0];
const story = /\/incidents\/INC-\d+/.exec(await page(facilitator, '/incidents?state=published'))[0];
const pages = [['front', '', '/'], ['list', responder, '/incidents'], ['question', responder, `${talk}/2`], ['story', responder, `${story}/review`], ['trends', responder, '/trends']];
for (const [name, cookie, path] of pages) {
  const out = join(folder, `${name}.json`);
  const headers = cookie ? ['--extra-headers', JSON.stringify({ cookie })] : [];
  execFileSync(lighthouse, [base + path, '--quiet', '--preset=desktop', '--only-categories=performance,accessibility,best-practices', '--output=json', `--output-path=${out}`, '--chrome-flags=--headless=new --no-sandbox', ...headers], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { categories } = JSON.parse(readFileSync(out, 'utf8'));
  for (const [category, bar] of [['performance', 98], ['accessibility', 100], ['best-practices', 100]]) {
    const value = Math.round(categories[category].score * 100);
    console.log(JSON.stringify({ name: `lighthouse ${category}, ${name}`, value, unit: 'points', engine: 'sqlite', commit, bar: `>= ${bar}`, met: value >= bar ? 'met' : 'missed' }));
  }
}
server.kill('SIGTERM');
