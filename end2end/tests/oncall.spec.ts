// On call: a schedule is pasted, looked at, taken over and taken back; what its shifts carry stands in trends. Also without scripts.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

// One organisation for all runs: each imports days of its own.
const years = { 'chromium-desktop': '2019', 'chromium-phone': '2018', 'no-script': '2017' } as const;

test('a rota is imported, and trends say what its shifts carry', async ({ page }) => {
  test.setTimeout(120_000);
  const project = test.info().project.name as keyof typeof years;
  const year = years[project] ?? '2016';
  const check = async () => {
    if (project !== 'no-script') await isAccessible(page);
    await fitsSmallScreens(page);
  };
  await comeInAs(page, 'Facilitator');
  await page.goto('/trends/on-call');
  await page.getByRole('link', { name: 'On-call schedules: import one' }).click();
  await page.getByRole('link', { name: /^Platform/ }).click();
  await check();
  await page.getByRole('button', { name: 'Look at it first' }).click();
  await expect(page.getByText('Please choose a file or paste a schedule.')).toBeVisible();

  const table = `start,end,person\n${year}-03-04 09:00,${year}-03-05 09:00,Nobody Known Here\nsoon,later,somebody\n`;
  await page.getByLabel('Time zone').fill('Europe/Madrid');
  await page.getByLabel('File (.csv or .ics)').setInputFiles({ name: 'rota.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.getByRole('button', { name: 'Look at it first' }).click();
  await expect(page.getByText('1 shift understood')).toBeVisible();
  await expect(page.getByText('Line 3: “soon” is no time that can be read')).toBeVisible();
  await expect(page.getByText('Not known here: “Nobody Known Here” (1)')).toBeVisible();
  // The file is in the field now, and nothing is lost.
  await expect(page.getByLabel('Or paste it')).toHaveValue(/soon,later,somebody/);
  await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Madrid');
  await check();
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByText(new RegExp(`Last import: 1 shift from 4 Mar ${year}`))).toBeVisible();
  await check();
  await page.getByRole('button', { name: 'Take the last import back' }).click();
  await expect(page.getByText(new RegExp(`Last import: 1 shift from 4 Mar ${year}`))).toHaveCount(0);

  await comeInAs(page, 'Leadership');
  await page.getByRole('link', { name: 'Trends', exact: true }).first().click();
  await page.getByRole('link', { name: 'On call', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('On call');
  await expect(page.locator('figcaption').filter({ hasText: /of \d+ shifts had more than two incidents/ })).toBeVisible();
  await expect(page.getByText(/hours of night on call/).first()).toBeVisible();
  // Three people hand over to each other among the growers: nothing is said of them.
  await expect(page.getByRole('row', { name: /^Growers/ }).filter({ hasText: 'Too few people in this rota to say' }).first()).toBeVisible();
  await check();

  const filters = page.locator('.filters summary');
  if (await filters.isVisible()) await filters.click();
  await page.getByLabel('Team').selectOption({ label: 'Routes' });
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/team=/);
  await expect(page.getByText(/pages a day in the 21 days up to|No page of these weeks is known/)).toBeVisible();
  await check();
  const csv = await page.request.get(page.url().replace('/trends/on-call?', '/trends/on-call.csv?'));
  expect(await csv.text()).toContain('Above two incidents');
  await page.getByRole('row', { name: /^Routes/ }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/incidents\?from=.*team=/);

  await comeInAs(page, 'Responder');
  await page.goto('/profile/hours');
  await expect(page.getByText(/on call for \d+ % of all hours/)).toBeVisible();
  await check();
});
