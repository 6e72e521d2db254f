// A review that has just been opened, for a spec that changes one.
import { expect, type Page } from '@playwright/test';
import { comeInAs } from './people';

/** The planner enters an incident, the administrator opens its review, the facilitator asks the demo’s responder; answers its address. */
export async function openReview(page: Page, title: string): Promise<string> {
  await comeInAs(page, 'Planner');
  await page.goto('/incidents/new');
  await page.locator('[name=title]').fill(title);
  await page.locator('input[name=severity][value="3"]').check({ force: true });
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  const home = new URL(page.url()).pathname;
  await openReviewOf(page, home);
  await expect(page.getByText('Invited.')).toBeVisible();
  return home;
}

/** Nobody appoints themselves: the administrator opens its review, and the facilitator, who is signed in afterwards, asks the demo’s responder. */
export async function openReviewOf(page: Page, home: string) {
  await comeInAs(page, 'Administrator');
  await page.goto(`${home}/review`);
  const inés = await page.locator('select[name=facilitator] option', { hasText: 'Inés Barrientos' }).getAttribute('value');
  await page.locator('select[name=facilitator]').selectOption(inés);
  await page.getByRole('button', { name: 'Open the review' }).click();
  await expect(page.getByText('Inés Barrientos').first()).toBeVisible();

  await comeInAs(page, 'Facilitator');
  await page.goto(`${home}/one-on-ones`);
  const noor = await page.locator('select[name=person] option', { hasText: 'Noor Haddad' }).getAttribute('value');
  await page.locator('select[name=person]').selectOption(noor);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
}

/** Two themes on the agenda, by the facilitator who is signed in on this page. */
export async function setAgenda(page: Page, home: string, names: [string, string]) {
  await page.goto(`${home}/review/themes`);
  for (const name of names) {
    await page.locator('#name-new').fill(name);
    await page.getByRole('button', { name: 'Add the theme' }).click();
    await expect(page.getByRole('heading', { name })).toBeVisible();
  }
  const agenda = page.getByRole('region', { name: 'What the meeting talks about' });
  for (const name of names) await agenda.getByRole('checkbox', { name }).check();
  await agenda.getByRole('button', { name: 'Set the agenda' }).click();
  await expect(agenda.getByRole('checkbox', { name: names[0] })).toBeChecked();
}
