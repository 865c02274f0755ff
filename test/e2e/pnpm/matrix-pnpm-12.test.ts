import { matrix } from './matrix.ts';

matrix('pnpm-12');
