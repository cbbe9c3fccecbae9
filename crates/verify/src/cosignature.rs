//! What exactly a witness signs (c2sp.org/tlog-cosignature). Signing and checking is [`crate::note`]'s.

use crate::Refusal;
use crate::checkpoint::Checkpoint;

/// The time and the signature in the bytes of a cosignature; `None` when too short or the time is beyond 2^63 - 1.
pub(crate) fn stamped(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    (time <= i64::MAX as u64).then_some((time, signature))
}

/// The message under an Ed25519 cosignature: a header, the time, and the whole text of the checkpoint.
pub fn ed25519_message(time: u64, checkpoint: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{checkpoint}").into_bytes()
}

/// The message under an ML-DSA-44 cosignature: the structure `cosigned_message`. It names the cosigner, and leaves out
/// extension lines, which is why we write none.
///
/// # Errors
/// [`crate::Means::Unreadable`] when the text is no checkpoint, or a name is longer than 255 bytes.
pub fn ml_dsa_message(cosigner: &str, time: u64, checkpoint: &str) -> Result<Vec<u8>, Refusal> {
    let checkpoint = Checkpoint::parse(checkpoint)?;
    let mut message = b"subtree/v1\n\0".to_vec();
    let name = |message: &mut Vec<u8>, name: &str| {
        let length = u8::try_from(name.len())
            .ok()
            .filter(|length| *length > 0)
            .ok_or_else(|| Refusal::unreadable("the name of a cosigner or log is longer than 255 bytes"))?;
        message.push(length);
        message.extend_from_slice(name.as_bytes());
        Ok::<_, Refusal>(())
    };
    name(&mut message, cosigner)?;
    message.extend_from_slice(&time.to_be_bytes());
    name(&mut message, &checkpoint.origin)?;
    message.extend_from_slice(&0u64.to_be_bytes());
    message.extend_from_slice(&checkpoint.size.to_be_bytes());
    message.extend_from_slice(&checkpoint.root);
    Ok(message)
}
