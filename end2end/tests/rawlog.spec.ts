// The raw log: imported after a look, searched, told as events by keys or by buttons, undone; and an import taken back as a whole.
import { test, expect, type Page } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

const LOG = JSON.stringify({
  name: 'Harbour radio',
  authors: [{ id: 'helm', name: 'Helm Officer' }, { id: 'beacon', name: 'beacon', machine: true }],
  entries: [
    { id: '1', at: '2026-03-02T09:00:05Z', kind: 'firing', author: 'beacon', place: 'booking', text: 'Bookings wait longer than 4 s' },
    { id: '2', at: '2026-03-02T09:02:00Z', author: 'helm', place: '#bridge', text: 'awake, looking at the queue' },
    { id: '3', at: '2026-03-02T09:09:00Z', author: 'helm', place: '#bridge', text: 'it grows since the deploy at nine' },
    { id: '4', at: '2026-03-02T09:41:00Z', kind: 'resolved', author: 'beacon', place: 'booking', text: 'Bookings are quick again' },
  ],
});

/** An incident of one's own, for one run. */
async function own(page: Page): Promise<string> {
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(`Bookings wait ${Date.now()}`);
  await page.getByRole('radio', { name: /SEV2/ }).check();
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+/);
  return new URL(page.url()).pathname;
}

async function importLog(page: Page, incident: string) {
  await page.goto(`${incident}/raw/import`);
  await page.locator('#files').setInputFiles({ name: 'radio.json', mimeType: 'application/json', buffer: Buffer.from(LOG) });
  await page.getByRole('button', { name: 'Look at them' }).click();
  await expect(page.getByRole('heading', { name: 'What would come' })).toBeVisible();
}

const rows = (page: Page) => page.locator('[data-raw]');
const raw = (incident: string) => `${incident}?pane=raw`;

test('a log is looked at, imported, searched and told without scripts as well', async ({ page }) => {
  test.setTimeout(120_000);
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Responder');
  const incident = await own(page);
  await page.goto(`${incident}/raw/import`);
  if (scripts) await isAccessible(page);
  await page.getByRole('button', { name: 'Look at them' }).click();
  await expect(page.getByText('Please choose a file')).toBeVisible();

  await importLog(page, incident);
  await expect(page.getByText('4 new, 0 changed there since, 0 here already')).toBeVisible();
  await page.getByText('As a table').click();
  if (scripts) {
    await isAccessible(page);
    await fitsSmallScreens(page);
  }
  await page.getByRole('button', { name: 'Import 4 entries' }).click();
  await expect(page.getByText('Imported 4 entries.')).toBeVisible();
  await expect(rows(page)).toHaveCount(4);
  if (scripts) {
    await isAccessible(page);
    await fitsSmallScreens(page);
  }

  await page.getByLabel('Search the raw log').fill('queue');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('link', { name: 'Show all' }).click();

  // One by its own button, two by ticking them.
  await rows(page).nth(0).getByRole('button', { name: /^Tell in the story/ }).click();
  await expect(page.getByText('Told as an event.')).toBeVisible();
  await expect(rows(page).nth(0)).toContainText('told');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByText('Event deleted.')).toBeVisible();
  await rows(page).nth(1).getByRole('checkbox').check();
  await rows(page).nth(2).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Tell as an event' }).click();
  await expect(page.getByText('Told as an event.')).toBeVisible();
  await page.goto(incident);
  const event = page.locator('li.event').filter({ hasText: 'awake, looking at the queue' });
  await event.getByText('Evidence (2)').click();
  await expect(event.locator('.evidence')).toContainText('Helm Officer');
  if (scripts) {
    await isAccessible(page);
    // What somebody adds meanwhile closes nothing.
    const meanwhile = { date: '2026-03-02', time: '10:50', zone: 'Europe/Copenhagen', kind: 'note', body: 'The shift changes' };
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect((await page.request.post(`${incident}/events`, { form: meanwhile, headers, maxRedirects: 0 })).status()).toBe(303);
    await expect(page.locator('#story').getByText('The shift changes')).toBeVisible();
    await expect(event.locator('.evidence')).toContainText('Helm Officer');
    await expect(event.locator('.evidence li').first()).toBeVisible();
  }

  // The import is taken back; what the story stands on stays.
  await page.goto(`${incident}/raw/import`);
  await page.getByRole('button', { name: /^Undo this import/ }).click();
  await expect(page.getByText('2 entries stay')).toBeVisible();
  await page.getByRole('button', { name: /^Bring it back/ }).click();
  await page.goto(raw(incident));
  await expect(rows(page)).toHaveCount(4);

  await page.goto(`${incident}/raw/authors`);
  const helm = page.locator('.raw-person').filter({ hasText: 'Helm Officer' });
  await helm.getByLabel('Or what they were').fill('Booking on call');
  await helm.getByRole('button', { name: 'Save' }).click();
  if (scripts) await isAccessible(page);
  await page.goto(raw(incident));
  await expect(rows(page).nth(1)).toContainText('Booking on call: awake');
});

test('with the keyboard alone entries are chosen, told and undone', async ({ page }) => {
  test.skip(test.info().project.name === 'no-script', 'keys are what scripts add');
  test.setTimeout(120_000);
  await comeInAs(page, 'Responder');
  const incident = await own(page);
  await importLog(page, incident);
  await page.getByRole('button', { name: 'Import 4 entries' }).click();
  await expect(page.getByText('Imported 4 entries.')).toBeVisible();
  await page.goto(raw(incident));

  await rows(page).first().focus();
  await page.keyboard.press('j');
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Told as an event.')).toBeVisible();
  // One goes on where one was.
  await expect(rows(page).nth(1)).toBeFocused();
  await expect(rows(page).nth(1)).toContainText('told');
  await page.keyboard.press('u');
  await expect(page.getByText('Event deleted.')).toBeVisible();

  await page.goto(raw(incident));
  await rows(page).nth(1).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(rows(page).nth(2).getByRole('checkbox')).toBeChecked();
  await page.keyboard.press('+');
  await expect(page.getByText('Told as an event.')).toBeVisible();
  await rows(page).first().focus();
  await page.keyboard.press('?');
  await expect(page.getByText('choose, or not')).toBeVisible();
  // Letters that are typed into a field stay letters.
  await page.getByLabel('Search the raw log').fill('');
  await page.getByLabel('Search the raw log').pressSequentially('jxu');
  await expect(page.getByLabel('Search the raw log')).toHaveValue('jxu');
});
