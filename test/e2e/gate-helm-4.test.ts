import { testGate } from '../support/gate.ts';

await testGate('Helm 4');
