// @module-tag chromium
/* The pages about refusals in a real browser: with the keyboard alone, in the dark, on a narrow screen, and against other sites. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePages, TOKENS, type ServedPages } from '../../support/approval-pages.ts';
import { refusalOf } from '../../support/approvals-in-memory.ts';
import { signInByKeyboard, walkToApproval } from '../../support/approval-walk.ts';
import { HOST_WITHOUT_HTTPS, lowestContrast, startBrowser } from '../../support/browser.ts';
import { STEPS, type Step } from '../../support/pictures/approval-steps.ts';
import { freshEach } from '../../support/fresh-each.ts';

let browser: Browser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(async () => browser?.close());

const served: ServedPages = freshEach(async () => servePages());

/** A page of a person who has signed in. */
async function pageOf(
  token: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${served.url}/-/tarwarden/sign-in`);
  await signInByKeyboard(page, token);
  return page;
}

const HOSTILE = `<script>document.title='run'</script>"><img src=x onerror="document.title='run'">${'wide'.repeat(300)}`;

/** The addresses of a refusal and of a request, both with names that are hostile and wide. */
async function hostileAddresses(): Promise<string[]> {
  const { service } = served;
  const refusal = refusalOf('evil', '1.0.0');
  const findings = refusal.findings.map((finding) => ({
    ...finding,
    entry: HOSTILE,
    message: HOSTILE,
  }));
  const { id } = service.refuse({ ...refusal, label: HOSTILE, findings });
  const by = { name: HOSTILE, role: 'requester', private: [] } as const;
  const request = await service.ask(id, { by, reason: HOSTILE });
  const paths = [`refusals/${id}`, 'approvals', `approvals/${request.id}`, 'requests', 'sign-in'];
  return paths.map((path) => `${served.url}/-/tarwarden/${path}`);
}

describe('from a refusal to an approval', () => {
  it('leads the keyboard alone, and each step names its page, its parts and its fields', async () => {
    const { id } = served.service.refuse();
    const seen: Partial<Record<Step, string>> = {};
    const titles: string[] = [];
    await walkToApproval(browser, {
      served,
      id,
      onStep: async (step, page) => {
        seen[step] = await page.locator('body').ariaSnapshot();
        titles.push(await page.title());
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
        expect(await page.getByRole('main').count()).toBe(1);
      },
    });
    expect(Object.keys(seen)).toEqual([...STEPS]);
    expect(titles).toEqual([
      'Sign in – tarwarden',
      'Refusal of evil@1.0.0 – tarwarden',
      'Refusal of evil@1.0.0 – tarwarden',
      'Request 1 (open): evil@1.0.0 – tarwarden',
      '1 open – Requests – tarwarden',
      'Request 1 (open): evil@1.0.0 – tarwarden',
      'Request 1 (approved): evil@1.0.0 – tarwarden',
    ]);
    expect(seen['sign-in']).toContain('textbox "Token"');
    expect(seen.refusal).toContain('heading "What was found" [level=2]');
    expect(seen.refusal).toContain('navigation "Pages"');
    expect(seen.refusal).toContain('textbox "Reason"');
    expect(seen.queue).toContain('table "Requests that are open: 1"');
    expect(seen.queue).toContain('columnheader "Asked by"');
    expect(seen.queue).toContain('rowheader "1: evil@1.0.0"');
    expect(seen.approve).toContain('region "What an approval would change"');
    expect(seen.approve).toContain('textbox "Last day"');
    expect(seen.approved).toContain('The archive passes until the end of');
    expect(served.service.events.map(({ kind, by }) => [kind, by])).toEqual([
      ['requested', 'rita'],
      ['approved', 'ada'],
    ]);
  });

  it('goes back to the field with a problem', async () => {
    const { id } = served.service.refuse();
    const page = await pageOf(TOKENS.rita);
    await page.goto(`${served.url}/-/tarwarden/refusals/${id}`);
    await page.getByRole('button', { name: 'Ask for an exception' }).click();
    await page.getByRole('alert').getByRole('link', { name: 'Write a reason.' }).click();
    expect(await page.evaluate('document.activeElement?.id')).toBe('reason');
    const field = page.getByRole('textbox', { name: 'Reason' });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.context().close();
  });
});

it('works behind an authenticating proxy, at an address without https', async () => {
  const user = { headers: { user: 'x-forwarded-user' }, trusts: () => true };
  const proxied = await servePages({ people: user, file: '[{ name: rita, role: requester }]' });
  const { id } = proxied.service.refuse();
  const context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-user': 'rita' } });
  const page = await context.newPage();
  const { port } = new URL(proxied.url);
  await page.goto(`http://${HOST_WITHOUT_HTTPS}:${port}/-/tarwarden/refusals/${id}`);
  await page.getByRole('textbox', { name: 'Reason' }).fill('x');
  await page.getByRole('button', { name: 'Ask for an exception' }).click();
  await page.waitForURL('**/approvals/1');
  expect(await page.title()).toContain('Request 1 (open)');
  await context.close();
  await proxied.close();
});

describe('hostile names', () => {
  it('run nothing, and a script that gets into a page is not run either', async () => {
    const page = await pageOf(TOKENS.ada);
    const blocked: string[] = [];
    page.on('console', (message) => blocked.push(message.text()));
    for (const address of await hostileAddresses()) {
      await page.goto(address);
      expect(await page.title()).not.toBe('run');
      expect(await page.locator('script, img').count()).toBe(0);
    }
    expect(blocked.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    // The headers of the server, and a page into which somebody got a script nevertheless.
    await page.route('**/approvals', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('</main>', `${HOSTILE}</main>`);
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`${served.url}/-/tarwarden/approvals`);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.title()).not.toBe('run');
    await expect.poll(() => blocked.join('\n')).toContain('Content Security Policy');
    await page.context().close();
  });

  it('make no page wider than a narrow screen, and can be read in the light and in the dark', async () => {
    const page = await pageOf(TOKENS.ada, { viewport: { width: 320, height: 640 } });
    const grounds = new Set<unknown>();
    const unreadable: string[] = [];
    for (const address of await hostileAddresses()) {
      await page.goto(address);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { ratio, text } = await lowestContrast(page);
        if (ratio < 4.5) unreadable.push(text);
        grounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      }
    }
    expect(unreadable).toEqual([]);
    expect([...grounds]).toEqual(['rgb(246, 248, 250)', 'rgb(13, 17, 23)']);
    await page.goto(`${served.url}/-/tarwarden/approvals`);
    expect(await page.locator('table').ariaSnapshot()).toContain('columnheader "Asked by"');
    await page.context().close();
  });
});

describe('another site', () => {
  let site: Server;
  let body = '';
  beforeAll(async () => {
    site = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(body);
    });
    site.listen(0, 'localhost');
    await once(site, 'listening');
  });
  afterAll(() => void site.close());
  /** Browsers take this name for another site than the loopback address. */
  const address = (): string => `http://localhost:${(site.address() as AddressInfo).port}/`;

  it('can link to a refusal, which the person then sees', async () => {
    const { id } = served.service.refuse();
    const page = await pageOf(TOKENS.rita);
    body = `<!doctype html><title>x</title><a href="${served.url}/-/tarwarden/refusals/${id}">link</a>`;
    await page.goto(address());
    await page.getByRole('link').click();
    await page.waitForFunction('document.title.startsWith("Refusal of evil")');
    expect(page.url()).toContain(id);
    await page.context().close();
  });

  it('can neither send a form nor show a page in a frame', async () => {
    const { id } = served.service.refuse();
    const page = await pageOf(TOKENS.rita);
    const target = `${served.url}/-/tarwarden/refusals/${id}`;
    body = `<!doctype html><title>x</title><iframe src="${target}"></iframe><form method="post" action="${target}"><input name="reason" value="x"><button>go</button></form>`;
    await page.goto(address());
    await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
    await page.getByRole('button').click();
    await page.waitForURL(target);
    expect(await page.title()).toBe('Sign in – tarwarden');
    expect(served.service.events).toEqual([]);
    await page.context().close();
  });
});
