// The pulse: switched on with what it is for, answered once, put off for a month, and told of nobody before a quarter closes. Also without scripts.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

// One organisation for all runs, and everybody answers once a month.
const people = { 'chromium-desktop': 'Responder', 'chromium-phone': 'Facilitator', 'no-script': 'Planner' } as const;

test('a pulse is asked, answered once, and tells of nobody', async ({ page }) => {
  test.setTimeout(120_000);
  const project = test.info().project.name as keyof typeof people;
  const answers = people[project];
  const scripts = project !== 'no-script';
  const check = async () => {
    if (scripts) await isAccessible(page);
    await fitsSmallScreens(page);
  };
  await comeInAs(page, 'Administrator');
  await page.goto('/settings/pulse');
  const on = page.getByRole('checkbox', { name: 'Ask everybody with an account' });
  await on.check({ force: true });
  await page.getByLabel('What it is for').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Please say what it is for')).toBeVisible();
  await page.getByLabel('What it is for').fill('To see whether our rotas let people sleep.');
  await page.getByLabel('Sleep 3 or better').selectOption('80');
  await page.locator('#name-0').fill('Betty’s office');
  await page.locator('#how-0').fill('Room 4, any afternoon');
  await page.locator('#link-0').fill('mailto:betty@example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(on).toBeChecked();
  await check();

  await comeInAs(page, answers);
  await page.locator('li.note', { hasText: 'How are you doing with this work?' }).getByRole('link', { name: 'Have a look' }).click();
  await expect(page.getByText('To see whether our rotas let people sleep.')).toBeVisible();
  await expect(page.getByText('Room 4, any afternoon')).toBeVisible();
  await check();
  await page.getByRole('button', { name: 'Send, for good' }).click();
  await expect(page.getByText('Nothing is chosen yet.')).toBeVisible();
  await page.getByRole('group', { name: 'On-call left me enough sleep.' }).getByRole('radio', { name: 'Hardly' }).check({ force: true });
  await page.getByRole('button', { name: 'Send, for good' }).click();
  await expect(page.getByText('is counted with what others say, and kept nowhere else')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send, for good' })).toHaveCount(0);
  await expect(page.getByText('Hardly')).toHaveCount(0);
  await page.goto('/');
  await expect(page.getByText('How are you doing with this work?')).toHaveCount(0);

  await comeInAs(page, 'Leadership');
  await page.goto('/trends/pulse');
  await expect(page.getByText('80 % sleep 3 or better')).toBeVisible();
  await expect(page.getByText('Too few to say')).toBeVisible();
  await check();

  // Off again for the other specs, whose homes are quiet.
  await comeInAs(page, 'Administrator');
  await page.goto('/settings/pulse');
  await on.uncheck({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(on).not.toBeChecked();
});
