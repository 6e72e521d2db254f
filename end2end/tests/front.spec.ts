// A newcomer: the front page, the doors, sign-in, help, and pages that are not there.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';

test('the front page says what this is and lets one in by a click', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Every incident has a second story · Second Story');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Every incident has a second story.');
  await expect(page.getByText('demo password: second-story-demo')).toBeVisible();
  for (const role of ['Responder', 'Facilitator', 'Leadership', 'Planner', 'Administrator'] as const) {
    await comeInAs(page, role);
  }
});

test('a wrong password keeps the address and says what to do', async ({ page }) => {
  await page.goto('/sign-in?next=/incidents');
  await page.getByLabel('E-mail').fill('responder@demo');
  await page.getByLabel('Password').fill('not it at all');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('do not belong together')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('responder@demo');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await page.getByLabel('Password').fill('second-story-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/incidents$/);
});

test('what is not there and what is not yours look the same', async ({ page }) => {
  await comeInAs(page, 'Responder');
  const missing = await page.goto('/incidents/INC-999999');
  expect(missing?.status()).toBe(404);
  const words = await page.getByRole('main').innerText();
  const foreign = await page.goto('/incidents/INC-1/planning');
  expect(foreign?.status()).toBe(404);
  expect(await page.getByRole('main').innerText()).toBe(words);
});

test('signing out ends the session', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Every incident has a second story.');
  await page.goto('/trends');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('light and dark are remembered', async ({ page }) => {
  await comeInAs(page, 'Planner');
  for (const [name, theme] of [['Dark', 'dark'], ['Light', 'light']] as const) {
    await page.goto('/profile');
    await page.getByLabel(name, { exact: true }).check();
    await page.locator('#looks').getByRole('button', { name: 'Save' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
});
