// The writing assistant beside a section: underlines follow what is typed, a sentence is kept as it is, a plan is parked out of the text.
// Without scripts the same buttons do it, and nothing typed is lost.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

/** A section that is still empty of a review that the demo's facilitator writes. */
async function toSection(page: import('@playwright/test').Page, section: string): Promise<string> {
  await page.goto('/incidents?state=in-review');
  const links = await page.locator('a[href^="/incidents/INC-"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')!.split('?')[0]));
  for (const incident of new Set(links.filter((link) => /^\/incidents\/INC-\d+$/.test(link)))) {
    const at = `${incident}/review/${section}`;
    // Asked beside the page: its console stays free of answers that are refused.
    if (!(await page.request.get(at)).ok()) continue;
    await page.goto(at);
    return at;
  }
  throw new Error('the demo’s facilitator writes no review');
}

test('a sentence is kept as it is, and a plan is parked out of the text', async ({ page }) => {
  test.setTimeout(120_000);
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Facilitator');
  const at = await toSection(page, 'background');
  if (scripts) await expect(page.locator('html')).toHaveAttribute('data-awake', 'yes');
  const field = page.locator('#body');
  const before = await field.inputValue();
  const left = 'The board was green. We should have noticed it. At half past two the night shift began to write labels by hand, from lists.';
  const mine = `${left} We should add a third board.`;
  await field.fill(mine);
  if (!scripts) await page.getByRole('button', { name: 'Preview' }).click();
  const hint = page.locator('.hintcard').filter({ hasText: '“should have noticed”' });
  await expect(hint).toBeVisible();
  if (scripts) {
    // What is underlined is where it stands, also while more is typed before it.
    const marks = page.locator('.marks mark');
    await expect(marks.first()).toHaveText('should have noticed');
    await field.press('Control+Home');
    await field.pressSequentially('At night 🙂: ');
    await expect(marks.first()).toHaveText('should have noticed');
    const [layer, box] = [await page.locator('.marks').boundingBox(), await field.boundingBox()];
    expect([layer!.x, layer!.y]).toEqual([box!.x, box!.y]);
    // With the keyboard from the hint to its words, and the hint of the words under the caret is marked.
    await hint.getByRole('button', { name: 'Show in the text' }).press('Enter');
    await expect(field).toBeFocused();
    expect(await field.evaluate((f: HTMLTextAreaElement) => f.value.slice(f.selectionStart, f.selectionEnd))).toBe('should have noticed');
    await expect(hint).toHaveAttribute('aria-current', 'true');
    await isAccessible(page);
    await field.fill(mine);
    await expect(marks.first()).toHaveText('should have noticed');
  }
  await hint.getByRole('button', { name: /^Keep as it is/ }).click();
  await expect(hint).toHaveCount(0);
  await expect(field).toHaveValue(mine);
  await page.getByText('Kept as it is', { exact: true }).click();
  await page.getByRole('button', { name: /^Show this hint again/ }).click();
  await expect(hint).toBeVisible();
  await hint.getByRole('button', { name: /^Keep as it is/ }).click();
  await expect(hint).toHaveCount(0);

  await page.getByRole('button', { name: 'No hints in this document' }).click();
  await expect(page.locator('.hintcard')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show hints again' }).click();
  const plan = page.locator('.hintcard').filter({ hasText: 'We should add' });
  await plan.getByLabel('and take it out of the text').check();
  await plan.getByRole('button', { name: /^Park this sentence/ }).click();
  await expect(page.getByText('Parked, and taken out of the text.')).toBeVisible();
  await expect(field).toHaveValue(left);
  await expect(plan).toHaveCount(0);
  await expect(page.getByText('Kept as it is', { exact: true })).toBeVisible();
  await fitsSmallScreens(page);

  // As it was, for the other stories of the demo.
  await page.getByText('Kept as it is', { exact: true }).click();
  await page.getByRole('button', { name: /^Show this hint again/ }).click();
  await field.fill(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await page.goto(at);
  await expect(field).toHaveValue(before);
});

test('own rules are checked, tried, and used', async ({ page }) => {
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Administrator');
  await page.goto('/settings/writing');
  if (scripts) await isAccessible(page);
  const rules = page.getByLabel('Rules', { exact: true });
  await rules.fill('rules:\n  - id: OUR-1\n    extends: existance\n');
  await page.getByRole('button', { name: 'Try' }).click();
  await expect(page.locator('#rules-error')).toContainText('Line 2');
  await expect(rules).toHaveValue(/existance/);
  if (scripts) await isAccessible(page);
  await rules.fill('rules:\n  - id: OUR-1\n    extends: existence\n    tokens: [war room]\n    message: We say “call”.\n');
  await page.getByRole('button', { name: 'Try' }).click();
  await expect(page.getByText('We say “call”.', { exact: true })).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
});
