// Hooks: an administrator makes an address, a tool sends to it, members open what is proposed, and the log of what came says no content.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('what a tool sends is proposed, opened, and told of without its content', async ({ page, request }) => {
  test.setTimeout(120_000);
  const scripts = test.info().project.name !== 'no-script';
  const stamp = `${Date.now()}`;
  await comeInAs(page, 'Administrator');
  await page.goto('/settings/hooks');
  const form = page.locator('form[action="/settings/hooks"]');
  // Open by itself while there is no hook yet.
  if (!(await form.isVisible())) await page.getByText('Add a hook').click();
  await form.getByLabel('Name').fill(`Harbour alerts ${stamp}`);
  await form.getByLabel('Quiet period in minutes').fill('soon');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Please write minutes, from 0 to 1440.')).toBeVisible();
  await expect(form.getByLabel('Name')).toHaveValue(`Harbour alerts ${stamp}`);
  if (scripts) await isAccessible(page);
  await form.getByLabel('Quiet period in minutes').fill('30');
  await form.getByLabel('From this severity on').selectOption({ index: 3 });
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('it is shown this once')).toBeVisible();
  if (scripts) await isAccessible(page);
  const address = await page.getByRole('textbox', { name: 'Address' }).inputValue();

  const payload = {
    version: '4', groupKey: `{}:{alertname="Harbour${stamp}"}`, status: 'firing', receiver: 'second-story',
    groupLabels: { alertname: `Harbour${stamp}` }, commonLabels: { alertname: `Harbour${stamp}` }, commonAnnotations: {}, externalURL: '',
    alerts: [{
      status: 'firing', labels: { alertname: `Harbour${stamp}` }, annotations: { summary: 'Ships wait longer than an hour' },
      startsAt: '2026-03-02T09:00:00Z', endsAt: '0001-01-01T00:00:00Z', fingerprint: stamp, generatorURL: '',
    }],
  };
  const path = new URL(address).pathname;
  const sent = await request.post(path, { data: payload });
  expect([sent.status(), await sent.json()]).toEqual([202, { outcome: 'proposed' }]);
  expect(await (await request.post(path, { data: payload })).json()).toEqual({ outcome: 'repeated' });

  // The log tells what was made of it, and nothing of what it said.
  await page.goto('/settings/hooks');
  await page.getByRole('link', { name: `Harbour alerts ${stamp}` }).click();
  await expect(page.getByRole('region', { name: 'What came' }).getByRole('row')).toHaveCount(3);
  await expect(page.getByText('Ships wait')).toHaveCount(0);
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);

  await comeInAs(page, 'Responder');
  await page.goto('/proposals');
  const proposal = page.getByRole('listitem').filter({ hasText: stamp });
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await proposal.getByRole('button', { name: 'Not an incident' }).click();
  await expect(page.getByRole('heading', { name: 'Said to be no incident' })).toBeVisible();
  await proposal.getByRole('button', { name: 'Propose it again' }).click();
  await proposal.getByRole('button', { name: 'Open it' }).click();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+/);
  await page.goto(`${new URL(page.url()).pathname}?pane=raw`);
  await expect(page.locator('[data-raw]')).toHaveCount(1);
  await expect(page.locator('[data-raw]')).toContainText('Ships wait longer than an hour');
});
