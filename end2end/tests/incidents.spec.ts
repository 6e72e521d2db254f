// Incidents: who may see one, a change of many, and a folder of reviews.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';

const review = (title: string) =>
  `# ${title}\n\n## Timeline\n\nAll times are in UTC.\n\n| Time | Event |\n|---|---|\n| 2019-03-02 10:00 | Somebody saw it |\n`;

test('a restricted incident is there for those named on it alone', async ({ page }) => {
  const title = `Keys in the open ${Date.now()}`;
  await comeInAs(page, 'Responder');
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(title);
  await page.getByRole('radio', { name: /SEV2/ }).check();
  await page.getByRole('radio', { name: /Only people named on it/ }).check();
  await page.getByRole('button', { name: 'Open the incident' }).click();
  const address = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Restricted' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who may see it');
  await comeInAs(page, 'Planner');
  await page.goto(`/incidents?q=${encodeURIComponent(title)}`);
  await expect(page.getByText('No incident is like that')).toBeVisible();
  expect((await page.goto(address))?.status()).toBe(404);
  await comeInAs(page, 'Responder');
  await page.goto(`${address}/access`);
  await page.getByRole('button', { name: 'Show it to everybody with an account' }).click();
  await comeInAs(page, 'Planner');
  expect((await page.goto(address))?.status()).toBe(200);
});

test('ticked incidents are changed together, and a refusal keeps what was ticked', async ({ page }) => {
  await comeInAs(page, 'Planner');
  await page.goto('/incidents?sort=oldest');
  await page.getByRole('link', { name: 'Change several' }).click();
  const boxes = page.getByRole('checkbox', { name: /^Tick INC-/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole('button', { name: 'Change them' }).click();
  await expect(page.getByText('Please choose what to change.')).toBeVisible();
  await expect(boxes.nth(1)).toBeChecked();
  await page.locator('#bulk-severity').selectOption({ label: 'SEV4' });
  await page.getByRole('button', { name: 'Change them' }).click();
  await expect(page.getByText('Changed.')).toBeVisible();
  await expect(page.locator('.row').nth(1)).toContainText('SEV4');
});

test('a folder is imported, with progress where there are scripts', async ({ page, javaScriptEnabled }) => {
  const many = javaScriptEnabled ? 60 : 3;
  const stamp = `${Date.now()}`;
  const folder = mkdtempSync(join(tmpdir(), 'reviews-'));
  for (let n = 0; n < many; n++) writeFileSync(join(folder, `${stamp}-${n}.md`), review(`Booking froze ${stamp} ${n}`));
  writeFileSync(join(folder, 'picture.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await comeInAs(page, 'Responder');
  await page.goto('/import');
  if (javaScriptEnabled) await expect(page.locator('html')).toHaveAttribute('data-awake', 'yes');
  await page.locator('#folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Read them' }).click();
  await expect(page.getByText(`${many} files, ${many} incidents to import`)).toBeVisible();
  if (javaScriptEnabled) await expect(page.locator('html')).toHaveAttribute('data-awake', 'yes');
  await page.getByRole('button', { name: `Import ${many} incidents` }).click();
  await expect(page.getByText(`${many} incidents, ${many} events`)).toBeVisible({ timeout: 20_000 });
});
