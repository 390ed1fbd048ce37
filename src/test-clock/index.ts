import { TestClockResolver } from "./test-clock.resolver";

/** The door of the test clock's room: accounts whose time is simulated. What that means stands in README.md. */

export { advanceTestClock } from "./advance-test-clock";
export { startTestClock } from "./start-test-clock";

export const TEST_CLOCK_RESOLVERS = [TestClockResolver] as const;
