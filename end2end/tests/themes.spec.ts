// Themes: a passage is marked while reading, gathered under a name, put in order and taken away again, with the keyboard and without scripts.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

/** The review of the demo that has themes: where people have answered and nothing is published yet. */
async function toAnswers(page: import('@playwright/test').Page): Promise<string> {
  await page.goto('/incidents?state=in-review');
  const links = await page.locator('a[href^="/incidents/INC-"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')!.split('?')[0]));
  for (const incident of new Set(links.filter((link) => /^\/incidents\/INC-\d+$/.test(link)))) {
    const at = `${incident}/review/overview`;
    // Asked beside the page: its console stays free of answers that are refused.
    const answer = await page.request.get(at);
    if (!answer.ok() || !(await answer.text()).includes('Theme: ')) continue;
    await page.goto(at);
    return incident;
  }
  throw new Error('no review of the demo has themes');
}

test('a passage is marked, gathered under a theme, moved and taken away', async ({ page }) => {
  test.setTimeout(180_000);
  const scripts = test.info().project.name !== 'no-script';
  const name = `Seen late ${Date.now()}`;
  await comeInAs(page, 'Facilitator');
  const incident = await toAnswers(page);
  const said = page.locator('article.said').filter({ hasText: 'I was given the question in a form' });
  await said.getByText('Mark for a theme').click();

  // Words that were not said are refused beside the field, and stay.
  await said.getByLabel('Passage').fill('I was given an answer');
  await said.getByLabel('What it is about').fill(name);
  await said.getByRole('button', { name: 'Mark it' }).click();
  await expect(said.getByText('not the author’s words to the letter')).toBeVisible();
  await expect(said.getByLabel('Passage')).toHaveValue('I was given an answer');
  await expect(said.getByLabel('What it is about')).toHaveValue(name);
  if (scripts) await isAccessible(page);
  await said.getByLabel('Passage').fill('a form that I could work on alone for half an hour');
  await said.getByRole('button', { name: 'Mark it' }).click();
  await expect(said.locator('mark')).toHaveText('a form that I could work on alone for half an hour');
  await said.getByRole('link', { name: 'Marked, not grouped yet' }).click();

  const passage = page.locator('li.passage').filter({ hasText: `About: ${name}` });
  await expect(passage).toContainText('It may not be read out.');
  await expect(passage.getByRole('link')).toHaveText('4. Were you able to get the support you needed?');
  await page.locator('#name-new').fill(name);
  await page.locator('#opening-new').fill('Who saw it first?');
  await page.getByRole('button', { name: 'Add the theme' }).click();
  const theme = page.locator('section.theme').filter({ has: page.getByRole('heading', { name }) });
  await expect(theme).toContainText('No passage stands here yet.');

  // With the keyboard alone: choose, and press.
  await passage.getByRole('combobox').focus();
  await passage.getByRole('combobox').selectOption({ label: name });
  await page.keyboard.press('Tab');
  await expect(passage.getByRole('button', { name: 'Move', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(theme.locator('li.passage')).toHaveCount(1);
  if (scripts) {
    await isAccessible(page);
    await fitsSmallScreens(page);
  }

  const names = () => page.locator('section.theme h3').allTextContents();
  expect((await names()).at(-1)).toBe(name);
  await theme.getByRole('button', { name: 'Move up' }).click();
  await expect(page.locator('section.theme h3').last()).not.toHaveText(name);
  expect((await names()).at(-2)).toBe(name);
  await theme.getByText('Change name or question').click();
  await theme.getByLabel('Name').fill(`${name}, once more`);
  await theme.getByRole('button', { name: 'Save' }).click();
  const reworded = page.locator('section.theme').filter({ has: page.getByRole('heading', { name: `${name}, once more` }) });
  await expect(reworded).toContainText('Who saw it first?');

  await reworded.getByRole('button', { name: 'Delete' }).click();
  await expect(reworded).toHaveCount(0);
  await expect(passage).toBeVisible();
  await passage.getByRole('button', { name: 'Remove the mark' }).click();
  await expect(passage).toHaveCount(0);
  await page.goto(`${incident}/review/overview`);
  await expect(said.locator('mark')).toHaveCount(0);
});

test('words that are selected stand in the field', async ({ page }) => {
  test.skip(test.info().project.name === 'no-script', 'selecting is what scripts add');
  await comeInAs(page, 'Facilitator');
  await toAnswers(page);
  const said = page.locator('article.said').filter({ hasText: 'Nobody was cross.' });
  const words = said.locator('.words');
  const select = (from: string, to: string) =>
    words.evaluate(
      (p, [from, to]) => {
        const text = [...p.childNodes].find((node) => node.textContent!.includes(from))!;
        const range = document.createRange();
        range.setStart(text, text.textContent!.indexOf(from));
        range.setEnd(text, text.textContent!.indexOf(to) + to.length);
        getSelection()!.removeAllRanges();
        getSelection()!.addRange(range);
      },
      [from, to],
    );
  const field = said.getByLabel('Passage');
  await select('Nobody was', 'I rang Lavapiés');
  await expect(field).toHaveValue('Nobody was cross. At eight I rang Lavapiés');
  await said.getByText('Mark for a theme').click();
  await expect(said.getByText('Select words in the answer')).toBeVisible();
  await expect(field).toHaveValue('Nobody was cross. At eight I rang Lavapiés');
  // What somebody typed is theirs.
  await field.fill('counting crates.');
  await select('expecting', 'noise');
  await page.waitForTimeout(200);
  await expect(field).toHaveValue('counting crates.');
});
