import { MAX_WHEEL_TAGS } from '../../../../limits.ts';
import { valuesOf } from '../../../../metadata/pypi/header-fields.ts';
import { parseWheelFileName, tagsOf } from '../../../../metadata/pypi/wheel-file-name.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Some tools write `py2.py3-none-any` as one tag. */
function expanded(tag: string): string[] {
  const [python = '', abi = '', platform = ''] = tag.split('-', 3);
  return [...tagsOf({ python, abi, platform })];
}

export const rule: WheelRule = {
  kind: 'metadata',
  id: 'wheel-tag-mismatch',
  level: 'note',
  summary: 'The tags in WHEEL are not those of the file name',
  advice: {
    forUsers:
      'Nothing to do at once: installers go by the file name. Someone renamed the file or retagged it without its tool, so ask the publisher which platforms it is for.',
    forPublishers: 'Use `wheel tags` to change tags, instead of renaming the file.',
  },
  check: ({ wheel }, report, { expected }) => {
    const parsed =
      expected.fileName === undefined ? undefined : parseWheelFileName(expected.fileName);
    if (parsed === undefined || wheel?.content === undefined) return;
    const found = new Set(
      valuesOf(wheel.content, 'tag').slice(0, MAX_WHEEL_TAGS).flatMap(expanded),
    );
    const wanted = tagsOf(parsed);
    if (found.size !== wanted.size || [...wanted].some((tag) => !found.has(tag)))
      report(
        `${quote([...found].join(' '))}, the file name ${quote([...wanted].join(' '))}`,
        wheel.entry,
      );
  },
};
