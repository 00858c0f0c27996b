// A delivery costs n8n some 80 ms, an activation more: 5 seconds are too few for a test of many.
jest.setTimeout(120_000);
