import type { Plugin } from '@yarnpkg/core';
import { arm } from './arm.ts';
import { CheckCommand } from './check.ts';
import { configuration } from './settings.ts';

// Yarn loads the plugin before anything else it does, and stops where this throws.
const { hooks } = arm(__filename);

const plugin: Plugin = {
  configuration,
  commands: [CheckCommand],
  hooks,
};

// oxlint-disable-next-line import/no-default-export -- the form in which Yarn takes plugins
export default plugin;
