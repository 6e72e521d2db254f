// Files and images of an incident: added, described, shown in events and in text, removed and put back; with scripts and without.
import { deflateSync, crc32 } from 'node:zlib';
import { test, expect, type Page } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

/** A picture of a queue that grows, with a note in it that nobody meant to share. */
function png(width = 480, height = 270): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const around = Buffer.alloc(8);
    around.writeUInt32BE(data.length, 0);
    around.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const under = height - y < (x / width) ** 3 * height * 0.9 + 12;
      rows.set(under ? [196, 92, 60] : [244, 240, 232], y * (width * 3 + 1) + 1 + x * 3);
    }
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const text = chunk('tEXt', Buffer.from('Author\0Nobody meant to share this'));
  return Buffer.concat([mark, chunk('IHDR', header), text, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

/** An incident of one's own, for one run. */
async function own(page: Page): Promise<string> {
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(`Bookings wait ${Date.now()}`);
  await page.getByRole('radio', { name: /SEV2/ }).check();
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+/);
  return new URL(page.url()).pathname;
}

async function looksRight(page: Page) {
  if (test.info().project.name === 'no-script') return;
  await isAccessible(page);
  await fitsSmallScreens(page);
}

/** The picture was loaded and drawn. */
async function isDrawn(page: Page, alt: string) {
  const image = page.getByRole('img', { name: alt }).first();
  await image.scrollIntoViewIfNeeded();
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(480);
}

test('files are added, described, shown where events and texts name them, and removed', async ({ page }) => {
  test.setTimeout(120_000);
  await comeInAs(page, 'Responder');
  const incident = await own(page);
  await page.getByRole('link', { name: 'Add files and images' }).click();
  await expect(page.getByRole('heading', { name: 'No files yet' })).toBeVisible();
  await looksRight(page);

  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Please choose a file, or several.')).toBeVisible();
  await page.getByLabel('Files', { exact: true }).setInputFiles([
    file('queue.png', png()),
    file('booking.log', Buffer.from('02:14 the queue grows\n')),
    file('page.png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')),
  ]);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('“page.png” was not taken.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What do these show?' })).toBeVisible();
  await looksRight(page);
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await expect(page.getByText('Please say in a sentence what the image shows')).toBeVisible();
  await page.getByLabel('What “queue.png” shows').fill('The queue grows from two o’clock on');
  // Enter saves, and removes nothing.
  await page.getByLabel('What “queue.png” shows').press('Enter');
  await isDrawn(page, 'The queue grows from two o’clock on');
  await expect(page.getByRole('link', { name: 'booking.log' })).toBeVisible();
  const snippet = (await page.locator('.snippet').first().textContent()) ?? '';
  expect(snippet).toMatch(/^!\[\]\(attachment:[0-9a-f-]{36}\)$/);
  await looksRight(page);

  await page.goto(`${incident}/events/new`);
  await page.getByRole('checkbox', { name: /queue\.png/ }).check();
  await page.getByLabel('Add files', { exact: true }).setInputFiles([file('second.png', png())]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  // No text, and no words for the new image: both are said, and what was chosen stays chosen.
  await expect(page.getByText('Please write something here.')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /queue\.png/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /second\.png/ })).toBeChecked();
  await page.getByLabel('What “second.png” shows').fill('Workers wait');
  await page.getByRole('textbox', { name: 'What happened' }).fill(`As it was seen then: ${snippet}\n\n![far](https://elsewhere.example/x.png)`);
  await looksRight(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${incident}`));
  await isDrawn(page, 'The queue grows from two o’clock on');
  await isDrawn(page, 'Workers wait');
  expect(await page.locator('img[src*="elsewhere"]').count()).toBe(0);
  const shot = page.locator('.event-shot').last();
  const small = (await shot.getByRole('img').boundingBox())?.height ?? 0;
  await shot.locator('summary').click();
  await expect(shot.getByRole('link', { name: 'Open it by itself' })).toBeVisible();
  expect((await shot.getByRole('img').boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(small);
  await looksRight(page);

  const address = (await shot.getByRole('link', { name: 'Open it by itself' }).getAttribute('href')) ?? '';
  const answer = await page.request.get(address);
  expect(answer.headers()['content-type']).toBe('image/png');
  expect(answer.headers()['content-security-policy']).toContain('sandbox');
  expect((await answer.body()).includes('Nobody meant')).toBe(false);

  await page.goto(`${incident}/attachments`);
  await page.getByRole('button', { name: 'Remove booking.log' }).click();
  await expect(page.getByRole('heading', { name: 'Removed', exact: true })).toBeVisible();
  await looksRight(page);
  await page.getByRole('button', { name: 'Put back booking.log' }).click();
  await expect(page.getByRole('heading', { name: 'Removed', exact: true })).toBeHidden();
  await expect(page.getByRole('link', { name: 'booking.log' })).toBeVisible();
});
