//! What stands in `{..}`.

#[derive(Debug, Clone, Default)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) format: Format,
    pub(crate) default: Option<String>,
    pub(crate) choices: Vec<String>,
    pub(crate) example: Option<String>,
    /// There is no client without it.
    pub(crate) required: bool,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) source: Source,
    pub(crate) secret: bool,
}

impl Variable {
    /// A sign-in tells its value: the struct has no field for it.
    pub(crate) fn is_learned(&self) -> bool {
        self.source != Source::Config
    }
}

/// Where the value of a variable comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Source {
    #[default]
    Config,
    /// The parameter.
    Callback(String),
    Token(Vec<String>),
    Userinfo(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    HostLabel,
    Host,
    PathSegment,
    HttpsUrl,
    Digits,
    Uuid,
    Enum,
}
