// Saving by itself: what the one island of a question page promises, seen from a browser.
import type { Browser, Page } from '@playwright/test';
import { test as quiet, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';

// The browser itself logs every request that a missing network ends: those lines are what is tested here.
const test = quiet.extend<{ cleanConsole: void }>({ cleanConsole: [async ({}, use) => use(), { auto: true }] });

/** A conversation of its own, by a personal link; answers its address. */
async function conversation(page: Page, browser: Browser): Promise<string> {
  const desk = await browser.newPage();
  await comeInAs(desk, 'Facilitator');
  await toOneOnOnesThatTheyLead(desk);
  await desk.locator('#name').fill(`Visitor ${Date.now()}`);
  await desk.getByRole('button', { name: 'Make a link' }).click();
  const link = new URL(await desk.getByLabel('Personal link').inputValue());
  await desk.close();
  await page.goto(link.pathname);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page).toHaveURL(/\/one-on-one\//);
  return new URL(page.url()).pathname;
}

async function open(page: Page, address: string) {
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('data-awake', 'yes');
}

const words = (page: Page) => page.locator('#text');
const state = (page: Page) => page.locator('.save');

test('words are saved while somebody types, at least every two seconds', async ({ page, browser }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/2`);
  const saves: number[] = [];
  page.on('request', (request) => request.method() === 'POST' && saves.push(Date.now()));
  const began = Date.now();
  await words(page).pressSequentially('The board was green and the depots were not, and I trusted the board.', { delay: 70 });
  const took = Date.now() - began;
  expect(saves.length).toBeGreaterThanOrEqual(Math.floor(took / 2000));
  await expect(state(page)).toHaveText(/Saved \d\d:\d\d/);
  // The last words follow within two seconds; the line may still tell of the save before.
  await expect(async () => {
    await page.goto(`${own}/2`);
    await expect(words(page)).toHaveValue(/I trusted the board\.$/, { timeout: 500 });
  }).toPass();
});

test('leaving by a link or closing at once loses nothing', async ({ page, browser }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/6`);
  await words(page).pressSequentially('I rang.');
  await page.getByRole('link', { name: 'Question 7', exact: true }).click();
  await expect(page).toHaveURL(/\/7$/);
  await open(page, `${own}/6`);
  await expect(words(page)).toHaveValue('I rang.');
  await words(page).press('ControlOrMeta+End');
  await words(page).pressSequentially(' They came.');
  await page.goto('about:blank');
  await expect(async () => {
    await page.goto(`${own}/6`);
    await expect(words(page)).toHaveValue('I rang. They came.', { timeout: 500 });
  }).toPass();
});

test('without a network the words stay in the page and go out when it returns', async ({ page, browser, context }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/8`);
  await context.setOffline(true);
  await words(page).pressSequentially('Kept here.');
  await expect(state(page)).toHaveText('Offline, kept in this page');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/8$/);
  await expect(words(page)).toHaveValue('Kept here.');
  await words(page).pressSequentially(' And more.');
  await context.setOffline(false);
  await expect(state(page)).toHaveText(/Saved/, { timeout: 10_000 });
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/9$/);
  await page.goto(`${own}/8`);
  await expect(words(page)).toHaveValue('Kept here. And more.');
});

test('two pages with the same answer see both texts', async ({ page, browser, context }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/7`);
  const other = await context.newPage();
  await open(other, `${own}/7`);
  await other.locator('#text').fill('From the other page.');
  await other.locator('#text').blur();
  await expect(other.locator('.save')).toHaveText(/Saved/);
  await words(page).pressSequentially('From this page.');
  await expect(state(page)).toHaveText('Two versions');
  await page.getByRole('button', { name: 'See both' }).click();
  await expect(page.getByText('From the other page.')).toBeVisible();
  await expect(words(page)).toHaveValue('From this page.');
  await page.getByRole('button', { name: 'Use this page’s' }).click();
  await expect(page).toHaveURL(/\/7$/);
  await expect(words(page)).toHaveValue('From this page.');
});

test('what is refused says why, and leaving asks first', async ({ page, browser }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/2`);
  await words(page).fill('x'.repeat(70_000));
  await expect(state(page)).toContainText('Not saved: This is 68 KB of text');
  let asked = '';
  page.on('dialog', (dialog) => {
    asked = dialog.type();
    return dialog.accept();
  });
  await page.goto(`${own}/1`);
  expect(asked).toBe('beforeunload');
});

test('a section of a review is saved while its facilitator writes, also when an idea is parked beside it', async ({ page }) => {
  await comeInAs(page, 'Facilitator');
  await page.goto('/incidents?state=in-review');
  const incidents = await page.locator('a[href^="/incidents/INC-"]').evaluateAll((links) => links.map((a) => a.getAttribute('href')!));
  let section = '';
  for (const incident of incidents) {
    section = `${incident}/review/background`;
    if ((await page.goto(section))?.status() === 200) break;
  }
  await open(page, section);
  const text = page.getByLabel('Text');
  await text.press('ControlOrMeta+End');
  const sentence = ` The board was green, number ${Date.now()}.`;
  await text.pressSequentially(sentence);
  await expect(state(page)).toHaveText(/Saved \d\d:\d\d/);
  const more = ` And number ${Date.now()}.`;
  await text.pressSequentially(more);
  await page.getByLabel('An idea for later').fill('We should look at the board from outside.');
  await page.getByRole('button', { name: 'Park it' }).click();
  await expect(page).toHaveURL(/background/);
  await expect(async () => {
    await page.goto(section);
    expect((await text.inputValue()).endsWith(sentence + more)).toBe(true);
  }).toPass();
});

test('going on keeps a stretch that was typed, and a name that was typed is asked about', async ({ page, browser }) => {
  const own = await conversation(page, browser);
  await page.goto(`${own}/3`);
  await page.locator('[name=day]').fill(new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 10));
  await page.locator('[name=from]').fill('0214');
  await page.locator('[name=to]').fill('0140');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('This ends before it begins')).toBeVisible();
  await page.locator('[name=to]').fill('0340');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/4$/);
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByText('1 h 26').first()).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/4$/);

  await open(page, `${own}/12`);
  await page.locator('#nominee').pressSequentially('Whoever packed that night');
  let asked = '';
  page.on('dialog', (dialog) => {
    asked = dialog.type();
    return dialog.accept();
  });
  await page.goto(`${own}/2`);
  expect(asked).toBe('beforeunload');
});

test('who was signed out while typing presses Next after signing in again, and loses nothing', async ({ page, browser, context }) => {
  const own = await conversation(page, browser);
  await open(page, `${own}/6`);
  const cookies = await context.cookies();
  await context.clearCookies();
  await words(page).pressSequentially('I rang the depot first.');
  await expect(state(page)).toContainText('you are signed out');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(state(page)).toContainText('you are signed out');
  await expect(page).toHaveURL(/\/6$/);
  await context.addCookies(cookies);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/\/7$/);
  await page.goto(`${own}/6`);
  await expect(words(page)).toHaveValue('I rang the depot first.');
});
