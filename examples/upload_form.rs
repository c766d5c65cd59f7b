//! Writes a page with a form through which a browser uploads a picture to S3
//! without passing through one's own server.
//!
//! Run with `cargo run -p examples --example upload_form > upload.html`.

use std::error::Error;

use sigv4::post_policy::{PostCondition, PostPolicy};
use sigv4::{Credentials, Expires, Signer, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(credentials, "eu-central-1", "s3")?;

    // What the form may hold: every field needs a condition.
    let policy = PostPolicy {
        expires: Expires::from_seconds(15 * 60)?,
        conditions: &[
            PostCondition::Equals { field: "bucket", value: "examplebucket" },
            PostCondition::StartsWith { field: "key", prefix: "pictures/eric/" },
            PostCondition::Equals { field: "success_action_status", value: "201" },
            PostCondition::StartsWith { field: "Content-Type", prefix: "image/" },
            PostCondition::ContentLengthRange { min: 1, max: 10 << 20 },
        ],
    };
    let now = Timestamp::now();
    let key = signer.key_for(now)?;
    let instant = key.at(now)?;
    let mut buffer = vec![0; instant.post_policy_len(&policy)];
    let form = instant.sign_post_form(&policy, &mut buffer)?;

    let url = "https://examplebucket.s3.eu-central-1.amazonaws.com/";
    println!("<!doctype html>");
    println!(r#"<form action="{url}" method="post" enctype="multipart/form-data">"#);
    // S3 puts the name of the chosen file in place of the variable.
    println!(r#"<input type="hidden" name="key" value="pictures/eric/${{filename}}">"#);
    println!(r#"<input type="hidden" name="success_action_status" value="201">"#);
    println!(r#"<input type="text" name="Content-Type" value="image/jpeg">"#);
    for (name, value) in form.fields() {
        println!(r#"<input type="hidden" name="{name}" value="{value}">"#);
    }
    // The file comes last: S3 ignores the fields behind it.
    println!(r#"<input type="file" name="file"> <button>Upload</button>"#);
    println!("</form>");
    Ok(())
}
