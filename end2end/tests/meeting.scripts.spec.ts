// Three people in one meeting, each on their own screen: it follows, takes lines while the network is gone and the service is killed, loses
// and doubles none, and leads to a published story.
import type { BrowserContext, Page } from '@playwright/test';
import { test as quiet, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { openReview, setAgenda } from '../support/reviews';
import { Own } from '../support/own';

// The browser itself logs every request that a missing network ends: those lines are what is tested here.
const test = quiet.extend<{ cleanConsole: void }>({ cleanConsole: [async ({}, use) => use(), { auto: true }] });
test.use({ actionTimeout: 15_000 });
test.skip(({ isMobile }) => isMobile, 'three screens at once are told on a desktop');

test('three people go through a meeting, with a lost network and a killed service, to a published story', async ({ browser }) => {
  test.setTimeout(300_000);
  const own = await Own.start('demo');
  const address = (await own.said(/^listening on (.*)$/))!;
  const open: BrowserContext[] = [];
  const screen = async (): Promise<Page> => {
    const context = await browser.newContext({ baseURL: address });
    open.push(context);
    return context.newPage();
  };
  try {
    const [wall, desk, phone] = [await screen(), await screen(), await screen()];
    const home = await openReview(wall, 'The bell that rang for nobody');
    const meeting = `${home}/review/meeting`;
    for (const [time, text] of [['08:02', 'The bell rings once'], ['08:09', 'Somebody looks at the board: it is green'], ['08:31', 'The orchard calls']]) {
      await wall.goto(home);
      await wall.locator('.composer #date').fill('2026-01-05');
      await wall.locator('.composer #time').fill(time);
      await wall.locator('.composer #body').fill(text);
      await wall.getByRole('button', { name: 'Add event', exact: true }).click();
      await expect(wall.locator('#story .event').getByText(text)).toBeVisible();
    }
    await setAgenda(wall, home, ['What green means', 'Who hears the bell']);

    // Everybody waits; the listener, too.
    await comeInAs(desk, 'Responder');
    await comeInAs(phone, 'Planner');
    for (const page of [desk, phone]) {
      await page.goto(meeting);
      await expect(page.getByText('It has not begun.')).toBeVisible();
    }
    await wall.goto(meeting);
    await wall.getByRole('button', { name: 'Begin the meeting' }).click();
    for (const page of [wall, desk, phone]) await expect(page.getByRole('heading', { level: 1 })).toHaveText('Why we are here', { timeout: 10_000 });
    await expect(wall.getByText('2 here, 1 listening')).toBeVisible({ timeout: 10_000 });
    await expect(phone.locator('input[name=text]')).toHaveCount(0);

    // By the keys of a presenter; somebody who types is not disturbed.
    const line = desk.locator('input[name=text]');
    await line.fill('The board has no orch');
    await wall.getByRole('button', { name: 'Walk the story' }).click();
    for (const page of [wall, desk, phone]) await expect(page.getByText('The bell rings once').first()).toBeVisible({ timeout: 10_000 });
    await wall.keyboard.press('PageDown');
    for (const page of [wall, desk, phone]) await expect(page.locator('.moment-words')).toHaveText('Somebody looks at the board: it is green', { timeout: 10_000 });
    await expect(line).toHaveValue('The board has no orch');
    await expect(line).toBeFocused();
    await line.pressSequentially('ard in it');
    await desk.keyboard.press('Enter');
    for (const page of [wall, desk, phone]) await expect(page.locator('[data-part=lines]').getByText('The board has no orchard in it')).toBeVisible({ timeout: 10_000 });

    // The network of one goes: what they write waits in the page, and the wall goes on.
    await open[1].setOffline(true);
    await line.fill('We ring twice, always have');
    await desk.keyboard.press('Enter');
    await expect(desk.getByText('Catching up.')).toBeVisible({ timeout: 15_000 });
    await expect(desk.locator('[data-pending]')).toHaveText(/We ring twice/);
    await wall.keyboard.press('ArrowRight');
    await expect(phone.locator('.moment-words')).toHaveText('The orchard calls', { timeout: 10_000 });
    await expect(desk.locator('.moment-words')).toHaveText('Somebody looks at the board: it is green');
    await open[1].setOffline(false);
    for (const page of [wall, desk, phone]) await expect(page.locator('[data-part=lines]').getByText('We ring twice, always have')).toHaveCount(1, { timeout: 20_000 });
    await expect(desk.locator('.moment-words')).toHaveText('The orchard calls', { timeout: 10_000 });

    // The service is killed while a line is on its way, and starts again.
    await own.kill();
    await line.fill('Nobody had told the night shift');
    await desk.keyboard.press('Enter');
    await line.fill('And one more');
    await desk.keyboard.press('Enter');
    await expect(desk.locator('[data-pending] li')).toHaveCount(2);
    await own.again(address);
    for (const text of ['Nobody had told the night shift', 'And one more']) {
      for (const page of [wall, desk, phone]) await expect(page.locator('[data-part=lines]').getByText(text)).toHaveCount(1, { timeout: 30_000 });
    }
    await expect(desk.locator('[data-pending] li')).toHaveCount(0);

    // Somebody comes late and is in place at once; another one parks without leaving.
    const late = await screen();
    await comeInAs(late, 'Responder');
    await late.goto(meeting);
    await expect(late.locator('.moment-words')).toHaveText('The orchard calls');
    await expect(late.locator('[data-part=lines] li')).toHaveCount(4);
    await desk.keyboard.press('Alt+p');
    await desk.locator('#park-dialog-text').fill('A second bell');
    await desk.getByRole('button', { name: 'Park it' }).last().click();
    await expect(desk.getByText('Parked. Nothing was added to the review.')).toBeVisible();

    // The rounds, then the end: everybody is told.
    await wall.getByRole('button', { name: 'Surprises', exact: true }).first().click();
    await expect(desk.getByRole('heading', { level: 1 })).toHaveText('What surprised you today?', { timeout: 10_000 });
    await expect(desk.getByLabel('What it is')).toHaveValue('surprise');
    await line.fill('That green means “nothing was asked”');
    await desk.keyboard.press('Enter');
    await expect(wall.locator('[data-part=stage]').getByText('That green means')).toBeVisible({ timeout: 10_000 });
    await wall.getByText('End the meeting').click();
    await wall.getByRole('button', { name: 'End it' }).click();
    await expect(wall.getByRole('heading', { name: 'After the meeting' })).toBeVisible();
    for (const page of [desk, phone]) await expect(page.getByRole('heading', { name: 'After the meeting' })).toBeVisible({ timeout: 15_000 });
    await expect(desk.getByText('That green means')).toBeVisible();
    await expect(phone.getByText('That green means')).toHaveCount(0);

    // To the story: nobody waits for an answer, and nothing of the meeting's lines stands in it.
    await desk.goto('/');
    await expect(desk.getByText('How was the meeting about').first()).toBeVisible();
    await wall.goto(`${home}/review/summary`);
    await wall.getByLabel('Text').fill('The bell rang, and nobody was meant to hear it.');
    await wall.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(wall.locator('.toast')).toContainText('Saved');
    await wall.goto(`${home}/review`);
    await wall.getByRole('button', { name: 'Publish the second story' }).click();
    await phone.goto(`${home}/review`);
    await expect(phone.getByText('nobody was meant to hear it')).toBeVisible();
    await expect(phone.getByText('Nobody had told the night shift')).toHaveCount(0);
    await expect(phone.getByText('A second bell')).toHaveCount(0);
  } finally {
    for (const context of open) await context.close();
    await own.stop();
  }
});
