// The first start: an empty instance, the link of the terminal, the first administrator; and life under a path.
import { test, expect } from '../support/test';
import { fitsSmallScreens, isAccessible } from '../support/axe';
import { Own } from '../support/own';

test('the link of the terminal makes the administrator', async ({ page, javaScriptEnabled }) => {
  const own = await Own.start('serve');
  const address = await own.said(/^listening on (.*)$/);
  const link = await own.said(/^\s+(http.*\/set-up\/.*)$/);
  await page.goto(address);
  await expect(page.getByText('This instance is new and waits to be set up.')).toBeVisible();
  if (javaScriptEnabled !== false) await isAccessible(page);
  await page.goto(link);
  await expect(page.getByLabel('Time zone')).toHaveValue(javaScriptEnabled === false ? 'UTC' : /./);
  if (javaScriptEnabled !== false) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByLabel('Your name').fill('Ada First');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill('three calm words');
  await page.getByLabel('The same password again').fill('three calm sords');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByText('The two passwords differ')).toBeVisible();
  await expect(page.getByLabel('Your name')).toHaveValue('Ada First');
  await page.getByLabel('Password', { exact: true }).fill('three calm words');
  await page.getByLabel('The same password again').fill('three calm words');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome, Ada First');
  if (javaScriptEnabled !== false) await isAccessible(page);
  await fitsSmallScreens(page);
  expect((await page.goto(link))?.status(), 'it works once').toBe(404);
  await own.stop();
});

test('under a path everything is where it belongs', async ({ page, javaScriptEnabled }, info) => {
  const port = Number(process.env.END2END_PORT ?? 4173) + 3 + info.parallelIndex;
  const base = `http://127.0.0.1:${port}/stories`;
  const own = await Own.start('demo', '--listen', `127.0.0.1:${port}`, '--base-url', base);
  const wrong: string[] = [];
  page.on('response', (response) => {
    if (!response.url().startsWith(`${base}/`) || response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(`${base}/`);
  await page.getByRole('button', { name: /^Responder/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
  await expect(page).toHaveURL(/\/stories\//);
  // The styles came, and with them the fonts that they name.
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('Inter');
  await page.getByRole('link', { name: 'Incidents', exact: true }).first().click();
  await expect(page).toHaveURL(`${base}/incidents`);
  await page.locator('main a[href*="/incidents/INC-"]').first().click();
  await expect(page).toHaveURL(/\/stories\/incidents\/INC-/);
  await page.goto(`${base}/`);
  await page.locator('main a[href*="/one-on-one/"]').first().click();
  if (javaScriptEnabled !== false) {
    const question = page.url().replace(/(\/one-on-one\/[0-9a-f-]+).*/, '$1/2');
    await page.goto(question);
    // The island is awake under the path, sends to it, and finds its icon.
    await expect(page.locator('html[data-awake]')).toHaveCount(1);
    await page.locator('textarea').first().fill('The graphs looked calm.');
    await expect(page.locator('.save')).toContainText(/^Saved/);
    expect(await page.locator('.save use').getAttribute('href')).toMatch(/^\/stories\/assets\//);
  }
  await page.goto(`${base}/profile`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/stories\/\?said=signed-out/);
  expect(wrong).toEqual([]);
  // Nothing of the page may still be on its way when the service goes.
  await page.goto('about:blank');
  await own.stop();
});
