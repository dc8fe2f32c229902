//! Every definition's `[[example]]` blocks, each read as the runtime reads such an answer.

oauth_test_provider::check_providers!(oauth_quirks);
