/* Every odd answer to everything that a gateway asks for. */
import { testOddAnswers } from './odd-answers.ts';

testOddAnswers(() => true);
