//! What every contestant is configured with.

/// The client, the answers, the loopback server.
#[derive(Clone, Copy)]
pub struct Config {
    pub authorization_endpoint: &'static str,
    pub token_endpoint: &'static str,
    pub client_id: &'static str,
    pub client_secret: &'static str,
    pub redirect_uri: &'static str,
    pub scopes: [&'static str; 3],
    pub code: &'static str,
    pub state: &'static str,
    pub verifier: &'static str,
    pub challenge: &'static str,
    pub access_token: &'static str,
    pub refresh_token: &'static str,
}

/// The port of the token endpoint: fixed, because a definition names its endpoints.
pub const TOKEN_PORT: u16 = 29471;

pub const CONFIG: Config = Config {
    authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint: "http://127.0.0.1:29471/token",
    client_id: "1234567890-abcdefghijklmnop.apps.googleusercontent.com",
    client_secret: "GOCSPX-example",
    redirect_uri: "https://app.example.com/auth/google/callback",
    scopes: ["openid", "email", "profile"],
    code: "4/0AeaYSHBexamplecode",
    state: "1kYzdL0KDE8OMpuhoaZ7wXvVJ1ZHj2NQ9hN1v0bqCxM",
    verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    access_token: "ya29.a0AfH6SMBx0cExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExamplezzzz01",
    refresh_token: "1//0gExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExample",
};

impl Config {
    /// A token answer of Google's shape: four texts and a number.
    pub fn answer(&self) -> String {
        format!(
            r#"{{"access_token":"{}","expires_in":3599,"refresh_token":"{}","scope":"openid email profile","token_type":"Bearer"}}"#,
            self.access_token, self.refresh_token
        )
    }

    /// The same, written on lines and with an ID token.
    pub fn answer_with_id_token(&self) -> String {
        let id_token = format!("eyJhbGciOiJSUzI1NiJ9.{}.{}", "p".repeat(620), "s".repeat(342));
        format!(
            "{{\n  \"access_token\": \"{}\",\n  \"expires_in\": 3599,\n  \"refresh_token\": \"{}\",\n  \"scope\": \"openid https://www.googleapis.com/auth/userinfo.profile https://www.googleapis.com/auth/userinfo.email\",\n  \"token_type\": \"Bearer\",\n  \"id_token\": \"{id_token}\"\n}}",
            self.access_token, self.refresh_token
        )
    }
}
