// Every page that a role can reach: accessible in light and dark, no wider than a small phone, a clean console.
import { test, expect } from '../support/test';
import { comeInAs, type Role } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

const START: Record<Role, string[]> = {
  Responder: ['/', '/incidents', '/incidents/new', '/profile', '/profile/hours', '/profile/letters', '/profile/reads', '/profile/data', '/profile/erase', '/profile/close', '/quotes', '/help', '/import'],
  Facilitator: ['/', '/incidents', '/vocabulary'],
  Leadership: ['/', '/trends', '/trends/factors', '/trends/helped', '/trends/when', '/trends/on-call', '/trends/learning', '/trends/questions', '/trends/report', '/trends/changes', '/teams', '/services'],
  Planner: ['/'],
  Administrator: ['/', '/incidents', '/admin/operations', '/admin/retention', '/settings/people'],
};

/** A page's kind: its path without what names one thing. */
function kind(path: string) {
  return path
    .replace(/[?#].*/, '')
    .replace(/INC-\d+/, 'KEY')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/^\/vocabulary\/.+$/, '/vocabulary/TAG')
    // Each question is drawn with parts of its own.
    .replace(/(?<!one-on-one\/ID)\/\d+$/, '/N')
    .replace(/\/help\/(facilitators|my-words|admin|threats|contributing)$/, '/help/GUIDE')
    .replace(/\/help\/[a-z][\w-]*$/, '/help/TOPIC');
}

for (const role of Object.keys(START) as Role[]) {
  test(`every kind of page that ${role} reaches`, async ({ page }) => {
    test.setTimeout(900_000);
    await comeInAs(page, role);
    const queue = [...START[role]];
    const seen = new Map<string, number>();
    let looked = 0;
    while (queue.length > 0) {
      const path = queue.shift()!;
      const count = seen.get(kind(path)) ?? 0;
      // One of a kind: each is drawn by the same code. An attached file is no page, nor is one for a calendar.
      if (count >= 1 || kind(path).endsWith('/attachments/ID') || /\.(csv|svg|md|html|json|ics)$|^\/assets/.test(path.replace(/\?.*/, ''))) continue;
      seen.set(kind(path), count + 1);
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBeLessThan(400);
      await isAccessible(page);
      await fitsSmallScreens(page);
      looked += 1;
      const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')!));
      queue.push(...links.filter((link) => !seen.has(kind(link))));
    }
    expect(looked).toBeGreaterThan(5);
  });
}

test('pages that say no are accessible, too', async ({ page }) => {
  await page.goto('/nothing-here');
  await isAccessible(page);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await isAccessible(page);
});
