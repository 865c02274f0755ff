import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Login } from '../../../../../packages/server/src/sweep/board/login.ts';

const PASSWORD = 'correct horse battery: staple é';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const right = basic(`anybody:${PASSWORD}`);
const wrong = basic('anybody:wrong');

let login: Login;
let guesses: string[];
beforeEach(() => {
  guesses = [];
  login = new Login(PASSWORD, (address) => guesses.push(address));
});

describe('the login of a board', () => {
  it('admits whoever knows the password, with any user name', () => {
    expect(login.admit(right, '127.0.0.1')).toBe('in');
    expect(login.admit(basic(`:${PASSWORD}`), '127.0.0.1')).toBe('in');
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic !!!',
    `Bearer ${PASSWORD}`,
    basic(PASSWORD.slice(0, -1)),
    basic(`x:${PASSWORD} `),
    basic(`x:${PASSWORD.toUpperCase()}`),
    basic(''),
    `${right}${'A'.repeat(9000)}`,
  ])('does not admit %j', (header) => {
    expect(login.admit(header, '127.0.0.1')).toBe('out');
  });

  it('looks at nothing after ten wrong passwords, for a minute, and says so once', () => {
    for (let at = 0; at < 10; at += 1) expect(login.admit(wrong, '10.0.0.1', at)).toBe('out');
    expect(login.admit(right, '10.0.0.1', 20)).toBe('wait');
    expect(login.admit(right, '10.0.0.2', 20)).toBe('in');
    expect(guesses).toEqual(['10.0.0.1']);
    expect(login.admit(right, '10.0.0.1', 60_001)).toBe('in');
  });

  it('lets nobody wait for a clock that was put back', () => {
    const later = performance.now() + 60_001;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    for (let at = 0; at < 10; at += 1) login.admit(wrong, '10.0.0.1');
    vi.useRealTimers();
    expect(login.admit(right, '10.0.0.1')).toBe('wait');
    expect(login.admit(right, '10.0.0.1', later + 1000)).toBe('in');
  });

  it('takes addresses of one network for one', () => {
    for (let at = 0; at < 10; at += 1) login.admit(wrong, `2001:db8:1:2::${at}`);
    expect(login.admit(right, '2001:db8:1:2:ffff::1')).toBe('wait');
    expect(login.admit(right, '2001:db8:1:3::1')).toBe('in');
  });

  it('does not count requests without a password', () => {
    for (let at = 0; at < 50; at += 1) login.admit(undefined, '10.0.0.1');
    expect(login.admit(right, '10.0.0.1')).toBe('in');
  });

  it('remembers no more addresses than it has room for, and those that guess now', () => {
    for (let at = 0; at < 9; at += 1) login.admit(wrong, '10.9.9.9', 0);
    for (let at = 0; at < 999; at += 1) login.admit(wrong, `10.0.${at >> 8}.${at & 255}`, 0);
    login.admit(wrong, '10.9.9.9', 0);
    expect(login.admit(right, '10.9.9.9', 0)).toBe('wait');
  });
});
