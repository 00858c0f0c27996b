/** Whether every provider is tested in every way, as in `npm run test:all`; else one provider stands for the others. */
export const isFullMatrix = process.env.npm_lifecycle_event === 'test:all';
