/* From a refusal to a decision, and back, by the forms of the pages. */
import { describe, expect, it } from 'vitest';
import { freshEach } from '../../../support/fresh-each.ts';
import { servePages, TOKENS, type ServedPages } from '../../../support/approval-pages.ts';
import { refusalOf } from '../../../support/approvals-in-memory.ts';
import { attribute, named, Visitor, type Page } from './visitor.ts';

const TODAY = '2026-11-30';
const served: ServedPages = freshEach(async () =>
  servePages({ pages: { now: () => Date.parse(`${TODAY}T12:00:00Z`) } }),
);

async function signedIn(name: keyof typeof TOKENS): Promise<Visitor> {
  const visitor = new Visitor(served.url);
  await visitor.signIn(TOKENS[name]);
  return visitor;
}

const titleOf = (page: Page): string => /<title>(.*)<\/title>/.exec(page.html)?.[1] ?? '';
const path = (page: Page): string => page.headers.location ?? '';

/** Rita asks for an exception. Returns the path of the request. */
async function asked(): Promise<string> {
  const refusal = served.service.refuse();
  const address = `/-/tarwarden/refusals/${refusal.id}`;
  const rita = await signedIn('rita');
  const sent = await rita.post(await rita.get(address), address, { reason: 'We read it.' });
  expect(sent.status).toBe(303);
  return path(sent);
}

describe('a developer', () => {
  it('signs in, reads what was found, asks for an exception, and sees the request', async () => {
    const refusal = served.service.refuse();
    const address = `/-/tarwarden/refusals/${refusal.id}`;
    const visitor = new Visitor(served.url);
    const first = await visitor.get(address);
    expect(first.status).toBe(401);
    expect(titleOf(first)).toBe('Sign in – tarwarden');
    const inside = await visitor.post(first, '/-/tarwarden/sign-in', { token: TOKENS.rita });
    expect(inside.status).toBe(303);
    expect(path(inside)).toBe(address);
    const page = await visitor.get(path(inside));
    expect(titleOf(page)).toBe('Refusal of evil@1.0.0 – tarwarden');
    expect(page.text).toContain('Refused: evil@1.0.0');
    for (const { rule, entry = '' } of refusal.findings.filter(({ level }) => level === 'error')) {
      expect(page.text).toContain(rule);
      expect(page.text).toContain(entry);
    }
    expect(page.text).toContain('All findings as text');
    const sent = await visitor.post(page, address, { reason: 'Our build\r\nneeds it.' });
    const request = await visitor.get(path(sent));
    expect(titleOf(request)).toBe('Request 1 (open): evil@1.0.0 – tarwarden');
    expect(request.text).toContain('rita');
    expect(request.text).toContain('Our build needs it.');
    expect(named(request, 'textarea')).toEqual([]);
    const mine = await visitor.get('/-/tarwarden/requests');
    expect(mine.text).toContain('1: evil@1.0.0');
    const again = await visitor.get(address);
    expect(again.text).toContain('Somebody has asked already');
    expect(served.log).toContainEqual(
      expect.objectContaining({
        person: 'rita',
        request: '1',
        msg: 'a person asked for an exception',
      }),
    );
  });

  it.each([
    ['', 'Write a reason.'],
    ['  \r\n ', 'Write a reason.'],
    ['x'.repeat(1001), 'Shorten the reason to 1000 characters or fewer.'],
  ])(
    'is told beside the field and in a summary what is wrong with a reason',
    async (reason, message) => {
      const { id } = served.service.refuse();
      const visitor = await signedIn('rita');
      const address = `/-/tarwarden/refusals/${id}`;
      const page = await visitor.post(await visitor.get(address), address, { reason });
      expect(page.status).toBe(400);
      expect(titleOf(page)).toMatch(/^Error: /);
      const [field] = named(page, 'textarea');
      expect(attribute(field!, 'aria-invalid')).toBe('true');
      expect(attribute(field!, 'aria-describedby')).toBe('reason-hint reason-error');
      expect(page.html).toContain(`<a href="#reason">${message}</a>`);
      expect(page.html).toContain(`<p class="error" id="reason-error">${message}</p>`);
      expect(served.service.events).toEqual([]);
    },
  );

  it('keeps the text of a reason that was too long, with its lines', async () => {
    const { id } = served.service.refuse();
    const visitor = await signedIn('rita');
    const address = `/-/tarwarden/refusals/${id}`;
    const reason = `first\nsecond ${'x'.repeat(1000)}`;
    const page = await visitor.post(await visitor.get(address), address, { reason });
    expect(page.html).toContain(`required>\n${reason}</textarea>`);
  });

  it('with the role reader sees no form, and cannot ask', async () => {
    const { id } = served.service.refuse();
    const visitor = await signedIn('rob');
    const address = `/-/tarwarden/refusals/${id}`;
    const page = await visitor.get(address);
    expect(page.text).toContain('Your role is reader.');
    const form = visitor.cookies.get('tarwarden-form')!;
    const body = new URLSearchParams({ form, reason: 'please' }).toString();
    const sent = await visitor.send('POST', address, { headers: { origin: served.url }, body });
    expect(sent.status).toBe(403);
    expect(sent.text).toContain('Your role lets you read only.');
  });

  it('hears that somebody has asked meanwhile', async () => {
    const { id } = served.service.refuse();
    const address = `/-/tarwarden/refusals/${id}`;
    const [rita, anna] = [await signedIn('rita'), await signedIn('anna')];
    const early = await anna.get(address);
    await rita.post(await rita.get(address), address, { reason: 'first' });
    const late = await anna.post(early, address, { reason: 'second' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Request 1 is about this archive and is open.');
  });
});

describe('an approver', () => {
  it('sees the queue, what an approval would change, and approves', async () => {
    const address = await asked();
    const ada = await signedIn('ada');
    const queue = await ada.get('/-/tarwarden/approvals');
    expect(titleOf(queue)).toBe('1 open – Requests – tarwarden');
    expect(named(queue, 'a').map((link) => attribute(link, 'href'))).toContain(address);
    const page = await ada.get(address);
    expect(page.text).toContain('The archive would pass');
    expect(page.text).toContain('Findings that the exceptions lift');
    const [day] = named(page, 'input').filter((input) => attribute(input, 'type') === 'date');
    expect(attribute(day!, 'value')).toBe('2026-12-30');
    expect(attribute(day!, 'max')).toBe('2027-02-28');
    const fields = { until: '2026-12-30', reason: 'Checked.' };
    const sent = await ada.post(page, `${address}/approve`, fields);
    expect([sent.status, path(sent)]).toEqual([303, address]);
    const done = await ada.get(address);
    expect(done.text).toContain('The archive passes until the end of 2026-12-30, UTC.');
    expect(done.text).toContain('ada approved it until the end of 2026-12-30: Checked.');
    expect(served.service.events.at(-1)).toMatchObject({ kind: 'approved', by: 'ada', ...fields });
    expect(served.log).toContainEqual(
      expect.objectContaining({ person: 'ada', request: '1', decision: 'approve' }),
    );
  });

  it('sees that no approval is possible, and has only the form to decline', async () => {
    const { id } = served.service.refuse({ omitted: 3 });
    const by = { name: 'rita', role: 'requester', private: [] } as const;
    const request = await served.service.ask(id, { by, reason: 'x' });
    const page = await (await signedIn('ada')).get(`/-/tarwarden/approvals/${request.id}`);
    expect(page.text).toContain('The archive would still be refused');
    expect(page.text).toContain('This request cannot be approved');
    expect(named(page, 'textarea').map((field) => attribute(field, 'id'))).toEqual([
      'decline-reason',
    ]);
  });

  it('revokes, and the history has each decision', async () => {
    const address = await asked();
    const ada = await signedIn('ada');
    await ada.post(await ada.get(address), `${address}/approve`, { until: TODAY, reason: 'yes' });
    await ada.post(await ada.get(address), `${address}/revoke`, { reason: 'no longer' });
    const page = await ada.get(address);
    expect(page.text).toMatch(
      /rita asked for an exception\..*ada approved it until.*yes.*ada revoked it: no longer/,
    );
    expect(named(page, 'textarea')).toEqual([]);
  });

  it('declines', async () => {
    const address = await asked();
    const ada = await signedIn('ada');
    await ada.post(await ada.get(address), `${address}/decline`, { reason: 'malware' });
    const page = await ada.get(address);
    expect(page.text).toContain('declined The archive stays refused.');
  });

  it.each([
    ['2026-11-29', 'The last day is over. Choose today or later.'],
    ['2027-03-01', 'Choose a day up to 2027-02-28.'],
    ['', 'Enter a day as year-month-day.'],
    ['2026-02-30', 'Enter a day as year-month-day.'],
    ['31.12.2026', 'Enter a day as year-month-day.'],
  ])('hears what is wrong with the last day %s', async (until, message) => {
    const address = await asked();
    const ada = await signedIn('ada');
    const page = await ada.post(await ada.get(address), `${address}/approve`, {
      until,
      reason: 'yes',
    });
    expect(page.status).toBe(400);
    expect(page.html).toContain(`<a href="#until">${message}</a>`);
    expect(served.service.events).toHaveLength(1);
  });

  it('hears the reason of the service when the decision is not theirs to make', async () => {
    const refusal = served.service.refuse();
    const address = `/-/tarwarden/refusals/${refusal.id}`;
    const ada = await signedIn('ada');
    const request = path(await ada.post(await ada.get(address), address, { reason: 'mine' }));
    const page = await ada.post(await ada.get(request), `${request}/approve`, {
      until: TODAY,
      reason: 'yes',
    });
    expect(page.status).toBe(403);
    expect(page.text).toContain('Nobody may approve their own request.');
  });

  it('cannot decide twice: the page shows the decision that is there', async () => {
    const address = await asked();
    const [ada, anna] = [await signedIn('ada'), await signedIn('anna')];
    const open = await anna.get(address);
    await ada.post(await ada.get(address), `${address}/decline`, { reason: 'no' });
    const late = await anna.post(open, `${address}/approve`, { until: TODAY, reason: 'yes' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Request 1 is declined, and not open.');
    expect(late.text).toContain('The archive stays refused.');
  });
});

it.each(['reader', 'requester'] as const)(
  'a %s sees no form to decide, and cannot decide',
  async (role) => {
    const address = await asked();
    const visitor = await signedIn(role === 'reader' ? 'rob' : 'rita');
    const page = await visitor.get(address);
    expect(named(page, 'textarea')).toEqual([]);
    expect(page.text).toContain('evil@1.0.0');
    const form = visitor.cookies.get('tarwarden-form')!;
    for (const decision of ['approve', 'decline', 'revoke']) {
      const fields = { form, reason: 'x', until: TODAY };
      const body = new URLSearchParams(fields).toString();
      const options = { headers: { origin: served.url }, body };
      expect((await visitor.send('POST', `${address}/${decision}`, options)).status).toBe(403);
    }
    expect(served.service.events).toHaveLength(1);
  },
);

describe('the lists', () => {
  it('show requests by state and in pages, and the page of a large number is the last one', async () => {
    const rita = await signedIn('rita');
    for (let count = 0; count < 53; count += 1) {
      const { id } = served.service.refuse(refusalOf('evil', '1.0.0'));
      await served.service.ask(id, {
        by: { name: 'rita', role: 'requester', private: [] },
        reason: 'x',
      });
    }
    const ada = await signedIn('ada');
    const first = await ada.get('/-/tarwarden/approvals');
    expect(named(first, 'tr')).toHaveLength(51);
    expect(first.text).toContain('open (53)');
    expect(first.text).toContain('page 1 of 2');
    const last = await ada.get('/-/tarwarden/approvals?state=open&page=999999');
    expect(named(last, 'tr')).toHaveLength(4);
    expect((await ada.get('/-/tarwarden/approvals?state=approved')).text).toContain(
      'no such requests',
    );
    expect((await ada.get('/-/tarwarden/approvals?state=<b>')).status).toBe(404);
    expect(named(await rita.get('/-/tarwarden/requests?page=2'), 'tr')).toHaveLength(4);
    expect(path(await rita.get('/-/tarwarden/approvals'))).toBe('/-/tarwarden/requests');
  });
});
