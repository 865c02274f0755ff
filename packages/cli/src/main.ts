import { startProgram } from '@tarwarden/guard/command-line';
import { TARWARDEN } from './command-line/tarwarden.ts';

startProgram(TARWARDEN, import.meta.url);
