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
