// Only for what hangs: whatever a test waits for has a deadline of its own, with a message. Five seconds are too few for
// many tests, the more so while other programs use the machine.
jest.setTimeout(600_000);
