// Question sets: an administrator copies one, changes it, publishes it; a facilitator asks by it; a guest answers all of it by keyboard.
import { test, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';

test('a set of one’s own is written, published and asked by', async ({ page, browser, baseURL }, info) => {
  test.setTimeout(180_000);
  const scripts = info.project.name !== 'no-script';
  await comeInAs(page, 'Administrator');
  await page.goto('/settings/questions');
  await page.getByRole('button', { name: 'Copy Five questions' }).click();
  await expect(page.getByText('A draft: nobody is asked by it yet.')).toBeVisible();

  // A name of its own, so that each project finds its set.
  const name = `After the night, ${info.project.name} ${Date.now()}`;
  await page.getByText('Name and purpose').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  // A question of its own; a slip loses nothing; the preview follows the typing.
  await page.getByLabel('Ask about something else, too').selectOption({ label: 'A question of your own' });
  await page.getByRole('button', { name: 'Write the question' }).click();
  await page.getByLabel('Why it is asked').fill('What the screen looked like tells more than what it should have said.');
  await page.getByLabel('The question').fill('x'.repeat(201));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#text-error')).toContainText('200');
  await expect(page.getByLabel('Why it is asked')).toHaveValue(/looked like/);
  await page.getByLabel('The question').fill('What was on your screen when you woke?');
  if (scripts) await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText('What was on your screen when you woke?');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Up question 6' }).click();
  await expect(page.locator('.asked-as h3').nth(4)).toContainText('What was on your screen when you woke?');
  await page.getByRole('button', { name: 'Remove question 6' }).click();
  await expect(page.locator('.asked-as')).toHaveCount(5);
  await page.getByRole('button', { name: 'Publish this as the next version' }).click();
  await expect(page.getByText('Version 1, published')).toBeVisible();

  // As a file, and in again.
  const file = await page.request.get(`${new URL(page.url()).pathname}/set.json`);
  expect(await file.json()).toMatchObject({ format: 'second-story question set 1', name });
  await page.goto('/settings/questions');
  await page.getByText('Take a set in from a file').click();
  await page.getByLabel('The file').setInputFiles({ name: 'set.json', mimeType: 'application/json', buffer: await file.body() });
  await page.getByRole('button', { name: 'Take it in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} 2`);

  // The facilitator asks somebody by it.
  const theirs = await browser.newContext({ baseURL, javaScriptEnabled: scripts });
  const desk = await theirs.newPage();
  await comeInAs(desk, 'Facilitator');
  await toOneOnOnesThatTheyLead(desk);
  const card = desk.locator('form', { hasText: 'Or anyone, by a personal link' });
  await card.getByLabel('Name, or what they do').fill(`Night desk ${Date.now()}`);
  await card.getByLabel('Questions').selectOption({ label: `${name}, 5 questions` });
  await card.getByRole('button', { name: 'Make a link' }).click();
  const link = await desk.locator('#link').inputValue();

  const guest = await browser.newContext({ baseURL, javaScriptEnabled: scripts });
  const phone = await guest.newPage();
  await phone.goto(new URL(link).pathname);
  await phone.getByRole('button').first().click();
  await expect(phone.getByText('Five questions about this incident')).toBeVisible();
  await phone.getByRole('link', { name: 'Begin' }).click();
  await expect(phone.getByText('Question 1 of 5')).toBeVisible();
  for (let n = 1; n <= 5; n += 1) {
    await expect(phone.getByText(`Question ${n} of 5`)).toBeVisible();
    if (n === 5) await phone.getByRole('textbox', { name: 'Your words' }).fill('A green board, and a phone that rang.');
    await phone.getByRole('button', { name: 'Next' }).click();
  }
  await expect(phone.getByText('You said something to 1 of 5')).toBeVisible();
  await expect(phone.getByText('A green board, and a phone that rang.')).toBeVisible();
  await guest.close();
  await theirs.close();
});
