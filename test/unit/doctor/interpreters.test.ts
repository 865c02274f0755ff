/** Python, Ruby, Go and uv say what they are. */
import { describe, expect, it } from 'vitest';
import { findInterpreter, INTERPRETERS } from '../../../packages/doctor/src/find/interpreters.ts';
import { machine } from './stand-in.ts';

const names = (): string[] => ['pip'];

async function found(
  programs: Record<string, string>,
  printed: (call: string) => string | undefined,
) {
  const interpreter = INTERPRETERS.find(({ program, commands = [program] }) =>
    commands.some((name) => name in programs),
  );
  return findInterpreter(machine({ programs, printed }), interpreter!, names);
}

const python = JSON.stringify({
  version: '3.13.5',
  tarFilter: true,
  packages: [
    ['cpython', 'cpython', '3.13.5', '/usr/lib/python3.13/tarfile.py'],
    ['PyPI', 'pip', '25.1.1', '/usr/lib/python3/dist-packages/pip/__init__.py'],
  ],
});

describe('Python', () => {
  it('is asked alone, by the first name that is on the PATH', async () => {
    const calls: string[] = [];
    const { components, problems } = await found(
      { python3: '/a/python3', python: '/a/python' },
      (call) => {
        calls.push(call.slice(0, 20));
        return python;
      },
    );
    expect(calls).toEqual(['/a/python3 -I -c \nim']);
    expect(problems).toEqual([]);
    expect(components).toEqual([
      {
        ecosystem: 'cpython',
        name: 'cpython',
        version: '3.13.5',
        tarFilter: true,
        origin: {
          kind: 'program',
          program: 'python',
          programVersion: '3.13.5',
          path: '/usr/lib/python3.13/tarfile.py',
          itself: true,
        },
      },
      expect.objectContaining({ ecosystem: 'PyPI', name: 'pip', version: '25.1.1' }),
    ]);
  });

  it('is found by its other name', async () => {
    const { components } = await found({ python: '/a/python' }, () => python);
    expect(components).toHaveLength(2);
  });

  it.each([
    ['nothing', undefined],
    ['noise', 'hello'],
    ['another shape', '{"version":1}'],
  ])('that prints %s is a problem', async (_title, text) => {
    const { components, problems } = await found({ python3: '/a/python3' }, () => text);
    expect(components).toEqual([]);
    expect(problems).toMatchObject([
      { message: 'python does not print its version', file: '/a/python3' },
    ]);
  });
});

describe('tools with one version', () => {
  it.each([
    ['go', 'go version go1.24.4 linux/amd64\n', ['toolchain@1.24.4', 'stdlib@1.24.4']],
    [
      'go',
      'go version go1.25rc1 X:boringcrypto linux/amd64\n',
      ['toolchain@1.25rc1', 'stdlib@1.25rc1'],
    ],
    ['uv', 'uv 0.8.6 (abc 2025-08-01)\n', ['uv@0.8.6']],
  ])('%s', async (name, text, list) => {
    const { components } = await found({ [name]: `/a/${name}` }, () => text);
    expect(components.map((one) => `${one.name}@${one.version}`)).toEqual(list);
  });

  it.each([
    ['go', 'go version devel go1.26-abcdef linux/amd64'],
    ['uv', 'error'],
  ])('%s with a version that is none', async (name, text) => {
    const { problems } = await found({ [name]: `/a/${name}` }, () => text);
    expect(problems).toMatchObject([
      { message: `${name} does not print its version`, file: `/a/${name}` },
    ]);
  });
});
