import type { Plugin } from '@yarnpkg/core';
import { arm } from './arm.ts';
import { configuration } from './settings.ts';
import { PluginState } from './state.ts';

// Yarn loads the plugin first. If this throws, Yarn stops.
const state = new PluginState();
const hooks = arm(__filename, state);

const plugin: Plugin = { configuration, hooks };

// oxlint-disable-next-line import/no-default-export -- the form in which Yarn takes plugins
export default plugin;
