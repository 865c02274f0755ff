import type { ReaderRule } from '../../../../rules/rule.ts';
import { unreadableFormat } from '../../../../rules/gzip/index.ts';
import { otherFormat } from '../../../../rules/tar/index.ts';
import { advice, STOPS } from '../../../../rules/table-rows.ts';

export const sdistContainerRules: readonly ReaderRule[] = [
  otherFormat(
    'archive-type-mismatch',
    'The type of the file differs from the type in its name, so installers read it differently',
  ),
  otherFormat(
    'hidden-zip',
    'A file that is not a zip has a zip at its end, which pip unpacks instead',
  ),
  {
    id: 'stray-zip-end-record',
    level: 'warning',
    summary:
      'A file that is not a zip contains the end record of a zip, and pip fails there with Python 3.12 and older',
    advice: advice(
      'Install it with a newer Python, or take its wheel.',
      'Compress the sdist at another level: the four bytes are there by chance, or belong to a zip among its files.',
    ),
  },
  unreadableFormat(
    'unsupported-compression',
    'The archive is compressed in a way that PyPI does not take, so it was not read',
    {
      ...STOPS,
      advice: advice(
        'Install a wheel, or an sdist that ends in `.tar.gz`; PyPI accepts only these and `.zip`. If you still want to build from this file, unpack it yourself, look at it, and give pip the folder.',
        'Build the sdist with `python -m build --sdist`, which makes a `.tar.gz`.',
      ),
    },
  ),
  {
    id: 'link-in-zip',
    level: 'error',
    summary: 'An sdist that is a zip contains a link, which pip writes as a file',
    advice: advice(
      'Do not install it: other programs create the link, and pip writes a file that contains its target.',
      'Build the sdist with `python -m build --sdist`, which makes a `.tar.gz`.',
    ),
  },
];
