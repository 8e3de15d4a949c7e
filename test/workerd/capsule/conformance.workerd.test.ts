// In workerd every case of the suite comes out as listed.
import { workerdHashing } from "../../../adapters/hashing/workerd-hashing.ts";
import { listingSchema } from "../../capsule-conformance/conformance-listing.ts";
import { describeConformance } from "../../capsule-conformance/conformance-suite.ts";
import { fileIn, testData } from "./test-data.ts";

const listing = listingSchema.parse(JSON.parse(testData.TEST_LISTING));
describeConformance(listing, workerdHashing, ({ name }) => fileIn(testData.TEST_CASES, `${name}.caps`));
