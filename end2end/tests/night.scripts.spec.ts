// After a bad night, on a phone: the network goes, the service is killed, the keyboard is all there is; and how long the short set takes.
import type { Browser, Page } from '@playwright/test';
import { test as quiet, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';
import { Own } from '../support/own';

// The browser itself logs every request that a missing network ends: those lines are what is tested here.
const test = quiet.extend<{ cleanConsole: void }>({ cleanConsole: [async ({}, use) => use(), { auto: true }] });
test.skip(({ isMobile }) => !isMobile, 'a story on a phone');

/** A personal link to a conversation of its own, by these questions. */
async function link(browser: Browser, baseURL: string, set: string): Promise<string> {
  const desk = await browser.newPage({ baseURL });
  await comeInAs(desk, 'Facilitator');
  await toOneOnOnesThatTheyLead(desk);
  const card = desk.locator('form', { hasText: 'Or anyone, by a personal link' });
  await card.locator('#name').fill(`Night ${Date.now()}`);
  await card.getByLabel('Questions').selectOption({ label: set });
  await card.getByRole('button', { name: 'Make a link' }).click();
  const address = new URL(await desk.getByLabel('Personal link').inputValue()).pathname;
  await desk.close();
  return address;
}

async function begin(page: Page, address: string): Promise<string> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page).toHaveURL(/\/one-on-one\//);
  return new URL(page.url()).pathname;
}

const awake = (page: Page) => expect(page.locator('html')).toHaveAttribute('data-awake', 'yes');

test('the network goes in mid-sentence, the service is killed in mid-sentence, and not a word is lost', async ({ browser }) => {
  test.setTimeout(180_000);
  const own = await Own.start('demo');
  const address = (await own.said(/^listening on (.*)$/))!;
  const context = await browser.newContext({ baseURL: address });
  try {
    const page = await context.newPage();
    const here = await begin(page, await link(browser, address, 'The twelve, 12 questions'));
    await page.goto(`${here}/2`);
    await awake(page);
    const words = page.locator('#text');
    await words.pressSequentially('The board was green, ', { delay: 40 });
    await context.setOffline(true);
    await words.pressSequentially('and the phone rang all the same. ', { delay: 40 });
    await expect(page.locator('.save')).toHaveText('Offline, kept in this page', { timeout: 10_000 });
    await context.setOffline(false);
    await words.pressSequentially('I looked twice ', { delay: 40 });
    await expect(page.locator('.save')).toHaveText(/Saved/, { timeout: 15_000 });

    const typing = words.pressSequentially('before I believed the one who called.', { delay: 80 });
    await page.waitForTimeout(700);
    await own.kill();
    await typing;
    const all = 'The board was green, and the phone rang all the same. I looked twice before I believed the one who called.';
    await expect(words).toHaveValue(all);
    await expect(page.locator('.save')).not.toHaveText(/^Saved/, { timeout: 10_000 });
    await own.again(address);
    await expect(page.locator('.save')).toHaveText(/Saved/, { timeout: 20_000 });
    // Another device, later: what the page said was saved is there.
    await expect(async () => {
      await page.goto(`${here}/2`);
      await expect(words).toHaveValue(all, { timeout: 500 });
    }).toPass();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page).toHaveURL(/\/3$/);
  } finally {
    await context.close();
    await own.stop();
  }
});

/** Presses Tab until this is in focus. */
async function tabTo(page: Page, selector: string) {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${selector} on ${page.url()}`);
}

test('all twelve are answered with the keyboard alone', async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000);
  const here = await begin(page, await link(browser, baseURL!, 'The twelve, 12 questions'));
  await tabTo(page, 'a.btn-primary');
  await page.keyboard.press('Enter');
  for (let place = 1; place <= 12; place += 1) {
    await expect(page.getByText(`Question ${place} of 12`)).toBeVisible();
    if (new URL(page.url()).pathname.endsWith('/3')) {
      for (const [field, value] of [['#from', '22:10'], ['#to', '23:40']] as const) {
        await tabTo(page, field);
        await page.keyboard.type(value);
      }
    } else {
      await tabTo(page, '#text');
      await page.keyboard.type(`In a few words, number ${place}.`);
    }
    await tabTo(page, '[name="go"][value="next"]');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`Question ${place} of 12`)).toBeHidden();
  }
  await expect(page).toHaveURL(`${here}/look-over`);
  await expect(page.getByText('You said something to each of them.')).toBeVisible();
  await tabTo(page, 'form[action$="/submit"] button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Thank you. It is submitted.' })).toBeVisible();
});

test('the short set takes less than four minutes', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  // The keystroke-level model (Card, Moran and Newell 1980): a key 0.28 s (an average typist who is no secretary), pointing 1.1 s, making
  // up one's mind 1.35 s; reading at 200 words a minute. What the machine takes is measured.
  const [KEY, POINT, MIND, WORD] = [0.28, 1.1, 1.35, 60 / 200];
  const began = Date.now();
  let person = 0;
  const read = async () => {
    const text = await page.locator('main .question').innerText();
    person += text.split(/\s+/).length * WORD + MIND;
  };
  const press = async (name: string) => {
    person += POINT + MIND;
    await page.getByRole('button', { name, exact: true }).click();
  };
  const here = await begin(page, await link(browser, baseURL!, 'Five questions, 5 questions'));
  await read();
  person += (await page.locator('.promises').innerText()).split(/\s+/).length * WORD + POINT;
  await page.locator('a.btn-primary').click();
  const words = [
    'The board was green while the depots were not.',
    'Oda rang the night desk before anybody asked.',
    'I did not know whom to wake for the cache.',
    'A green board tells only of the board.',
  ];
  for (let place = 1; place <= 5; place += 1) {
    await expect(page.getByText(`Question ${place} of 5`)).toBeVisible();
    await read();
    const said = words[place - 1];
    if (said) {
      person += POINT + MIND + said.length * KEY;
      await page.locator('#text').fill(said);
    } else {
      person += 2 * (POINT + 5 * KEY);
      await page.locator('#from').fill('22:10');
      await page.locator('#to').fill('23:40');
    }
    await press('Next');
  }
  await expect(page).toHaveURL(`${here}/look-over`);
  await press('Submit');
  await expect(page.getByRole('heading', { name: 'Thank you. It is submitted.' })).toBeVisible();
  const machine = (Date.now() - began) / 1000;
  console.log(`the short set: a person ${person.toFixed(0)} s, the machine ${machine.toFixed(0)} s`);
  expect(person + machine).toBeLessThan(240);
});
