//! Makes the password with which a database user of RDS logs in by IAM.
//!
//! Run with `cargo run -p examples --example rds_token`.

use std::error::Error;

use sigv4::tokens::RdsToken;
use sigv4::{Credentials, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    // Usually those of a role, whose session token has some 400 to 1,200 characters.
    let credentials = Credentials::new("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        .with_session_token("IQoJb3JpZ2luX2VjEXAMPLE//////////wE=");

    let token = RdsToken {
        region: "eu-central-1",
        // The endpoint itself, not a name of one's own that stands for it.
        host: "orders.c0ffee123456.eu-central-1.rds.amazonaws.com",
        port: 5432,
        user: "app",
    };

    // Good for 15 minutes, and only needed to log in: a connection outlives it.
    // Make a new one for each connection rather than keep it.
    let mut buffer = [0; 16_384];
    let password = token.sign(&credentials, Timestamp::now(), &mut buffer)?;
    println!("{}", password.as_str());
    Ok(())
}
