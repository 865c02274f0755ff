/* Options that several commands have. */

export const COLOUR_OPTIONS = {
  color: { description: 'use colour' },
  'no-color': { description: 'use no colour (default: colour on a terminal)' },
} as const;

export const PACKAGE_OPTION = {
  value: 'name@version',
  description:
    'package that the archive must hold; another name or version in its package.json is a finding',
} as const;
