import { serveInspections } from '@tarwarden/guard';
import { convert } from './convert.ts';

// The program of the thread that inspects: see `startInspector`.
serveInspections({ convert });
