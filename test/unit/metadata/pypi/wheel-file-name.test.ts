import { describe, expect, it } from 'vitest';
import { parseWheelFileName } from '../../../../packages/core/src/metadata/pypi/wheel-file-name.ts';

describe('parseWheelFileName', () => {
  it('reads the parts', () => {
    expect(parseWheelFileName('torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl')).toEqual({
      name: 'torch',
      version: '2.13.0+cpu',
      python: 'cp311',
      abi: 'cp311',
      platform: 'linux_x86_64',
    });
    expect(
      parseWheelFileName('a_b-1-1x-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'),
    ).toMatchObject({ name: 'a_b', build: '1x', python: 'py2.py3' });
  });

  it.each([
    'a-1-py3-none.whl',
    'a-1-b1-py3-none-any.whl',
    'a-1-1-1-py3-none-any.whl',
    'a-one-py3-none-any.whl',
    '-1-py3-none-any.whl',
    'a b-1-py3-none-any.whl',
    'a-1-py3-none-../any.whl',
    'a-1-py3-none-any.WHL',
    'a-1-py3-none-any.zip',
  ])('does not take %s', (name) => {
    expect(parseWheelFileName(name)).toBeUndefined();
  });
});
