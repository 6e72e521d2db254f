// Signing in as one of the demo's people, through the front page's doors or the plain form.
import { expect, type Page } from '@playwright/test';

export type Role = 'Responder' | 'Facilitator' | 'Leadership' | 'Planner' | 'Administrator';

/** Through the door of the front page, as a newcomer would. */
export async function comeInAs(page: Page, role: Role) {
  await page.context().clearCookies();
  await page.goto('/');
  await page.getByRole('button', { name: new RegExp(`^${role}`) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
}

/** The one-on-ones of a review that the demo’s facilitator, who is signed in on this page, leads: goes there and answers the address. */
export async function toOneOnOnesThatTheyLead(page: Page): Promise<string> {
  // The oldest: what other stories opened today has hours ahead of it that nobody can have worked yet.
  await page.goto('/incidents?state=in-review&sort=oldest');
  const links = await page.locator('a[href^="/incidents/INC-"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')!.split('?')[0]));
  for (const incident of new Set(links.filter((link) => /^\/incidents\/INC-\d+$/.test(link)))) {
    const at = `${incident}/one-on-ones`;
    // Asked beside the page: its console stays free of answers that are refused.
    if (!(await page.request.get(at)).ok()) continue;
    await page.goto(at);
    return at;
  }
  throw new Error('the demo’s facilitator leads no review');
}
