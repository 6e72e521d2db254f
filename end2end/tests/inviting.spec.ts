// Inviting several at once: by ticking and by pasting addresses, what became of each, links to copy, and where a link leads.
import { test, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';

test('several are invited at once, and each is told of', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  await comeInAs(page, 'Facilitator');
  await toOneOnOnesThatTheyLead(page);
  await page.getByRole('link', { name: 'Invite several at once' }).click();
  await expect(page.getByRole('heading', { name: 'Invite several at once' })).toBeVisible();

  // A slip: nothing that was typed is lost.
  const who = `Gro ${Date.now()}`;
  await page.getByLabel('E-mail addresses').fill(`${who} <gro${Date.now()}@example.org>\nnobody`);
  await page.getByLabel('A note to all of them').fill('Whenever it suits you.');
  await page.getByRole('button', { name: 'Invite them' }).click();
  await expect(page.getByText('Line 2 is no e-mail address')).toBeVisible();
  await expect(page.getByLabel('A note to all of them')).toHaveValue('Whenever it suits you.');
  const typed = await page.getByLabel('E-mail addresses').inputValue();
  expect(typed).toContain(who);
  await page.getByLabel('E-mail addresses').fill(typed.replace('\nnobody', ''));
  const first = page.locator('input[name=people]').first();
  const ticks = await first.count();
  if (ticks) await first.check();
  await page.getByRole('button', { name: 'Invite them' }).click();

  await expect(page.getByRole('heading', { name: 'What became of each' })).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(who) })).toContainText('Please send the link below.');
  if (ticks) await expect(page.getByText('It stands on their home page.').first()).toBeVisible();
  const links = await page.locator('#links').innerText();
  const link = links.split(/\s/).find((word) => word.includes('/invitation/'))!;

  // The guest, in a browser of their own.
  const guest = await browser.newContext({ baseURL });
  const theirs = await guest.newPage();
  await theirs.goto(new URL(link).pathname);
  await expect(theirs.getByText('Whenever it suits you.')).toBeVisible();

  // Withdrawn, the link explains itself.
  await page.getByRole('link', { name: 'To the one-on-ones' }).click();
  await page.getByRole('button', { name: `Withdraw the invitation of ${who}` }).click();
  await theirs.reload();
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('This invitation was taken back');
  await guest.close();
});
