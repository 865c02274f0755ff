import { startProgram } from '@tarwarden/host/command-line';
import { TARWARDEN } from './command-line/commands.ts';

startProgram(TARWARDEN, import.meta.url);
